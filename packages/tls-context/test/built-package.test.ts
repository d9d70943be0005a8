import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { describeBuiltPackage } from '../../../test-support/built-package'
import { runProgram } from '../../../test-support/run-program'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import type { CheckedTlsCredentials } from '../src'

const PACKAGE_FOLDER = fileURLToPath(new URL('..', import.meta.url))

describeBuiltPackage(import.meta.url)

const SCRIPTS = {
  import: `
    import { createHttp2TlsContext, devTls } from '@h2lab/tls-context'
    const made = await devTls()
    createHttp2TlsContext(made)
    console.log(JSON.stringify(made))
  `,
  require: `
    const { createHttp2TlsContext, devTls } = require('@h2lab/tls-context')
    devTls().then((made) => {
      createHttp2TlsContext(made)
      console.log(JSON.stringify(made))
    })
  `,
}

/** Lets a new process make or read the development certificate in the user's cache folder. */
async function devTlsInProcess(
  loadedBy: keyof typeof SCRIPTS,
  userCache: string,
): Promise<CheckedTlsCredentials> {
  const type = loadedBy === 'import' ? 'module' : 'commonjs'
  const { stdout, stderr } = await runProgram(
    process.execPath,
    [`--input-type=${type}`, '--eval', SCRIPTS[loadedBy]],
    {
      cwd: PACKAGE_FOLDER,
      env: { HOME: userCache, XDG_CACHE_HOME: userCache, LOCALAPPDATA: userCache },
    },
  )
  expect(stderr).toBe('')
  return JSON.parse(stdout) as CheckedTlsCredentials
}

test.each(['import', 'require'] as const)('loads and works by %s', async (loadedBy) => {
  const { cert, key } = await devTlsInProcess(loadedBy, await temporaryFolder())
  expect(cert).toContain('-----BEGIN CERTIFICATE-----')
  expect(key).toContain('-----BEGIN PRIVATE KEY-----')
})

test('processes that start at once get the same development certificate', async () => {
  const userCache = await temporaryFolder()
  const starts = (['import', 'require', 'import', 'require'] as const).map((loadedBy) =>
    devTlsInProcess(loadedBy, userCache),
  )
  const certificates = new Set((await Promise.all(starts)).map(({ cert }) => cert))
  expect(certificates.size).toBe(1)
  expect(await devTlsInProcess('import', userCache)).toMatchObject({ cert: [...certificates][0] })
})

test.skipIf(process.platform === 'win32' || process.platform === 'darwin')(
  'the default cache folder is h2lab in XDG_CACHE_HOME (not on Windows or macOS)',
  async () => {
    const userCache = await temporaryFolder()
    await devTlsInProcess('import', userCache)
    const folder = join(userCache, 'h2lab')
    expect(await readdir(folder)).toEqual(['localhost-1.pem'])
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
  },
)
