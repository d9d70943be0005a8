import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { runProgram } from '../../../test-support/run-program'
import { temporaryFolder } from '../../../test-support/temporary-folder'
import { type UwsAvailability, uwsAvailability } from '../src'
import { describeWithUws } from './support/describe-with-uws'

const REDISTRIBUTION = '@trufflesuite/uws-js-unofficial'
const BUILT = new URL('../dist/index.js', import.meta.url).href
const MINI_HTTP2 = new URL('../../mini-http2/dist/', import.meta.url).href

/** Runs a script in a process of its own, in a folder of its user's choice; it prints JSON. */
async function run(script: string, cwd: string): Promise<unknown> {
  const args = ['--input-type=module', '--eval', script]
  const { code, stdout, stderr } = await runProgram(process.execPath, args, { cwd })
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

const ASK = `console.log(JSON.stringify((await import(${JSON.stringify(BUILT)})).uwsAvailability()))`

/** A folder where a package `uWebSockets.js` is installed. */
async function folderWithOfficial(code: string): Promise<string> {
  const folder = await temporaryFolder()
  const installed = join(folder, 'node_modules/uWebSockets.js')
  await mkdir(installed, { recursive: true })
  const description = { name: 'uWebSockets.js', version: '20.99.0', main: 'uws.js' }
  await writeFile(join(installed, 'package.json'), JSON.stringify(description))
  await writeFile(join(installed, 'uws.js'), code)
  return folder
}

/** The pinned build's own binary. */
function binaryPath(): string {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve(`${REDISTRIBUTION}/package.json`))
  const { platform, arch, versions } = process
  return join(folder, `binaries/uws_${platform}_${arch}_${versions.modules}.node`)
}

describeWithUws('the build of uWebSockets.js', () => {
  test('is told of with package and version', () => {
    expect(uwsAvailability()).toEqual({
      state: 'available',
      package: expect.any(String) as string,
      version: expect.stringMatching(/^20\./) as string,
    })
  })

  test('is the one that its user has installed, if there is one', async () => {
    const folder = await folderWithOfficial(
      `module.exports = require(${JSON.stringify(binaryPath())})`,
    )
    const expected: UwsAvailability = {
      state: 'available',
      package: 'uWebSockets.js',
      version: '20.99.0',
    }
    expect(await run(ASK, folder)).toEqual(expected)
  })

  test.each([
    ['has fallen back to JavaScript', 'module.exports = { App() { return {} } }'],
    ['does not load', 'throw new Error("version `GLIBC_2.38\' not found")'],
  ])('is not one that %s: then it is the redistribution', async (_, code) => {
    const folder = await folderWithOfficial(code)
    expect(await run(ASK, folder)).toMatchObject({ state: 'available', package: REDISTRIBUTION })
  })

  test('is missing with the reasons where none loads, and createServer says so', async () => {
    const folder = await folderWithOfficial('module.exports = { App() { return {} } }')
    const script = `
      Object.defineProperty(process, 'arch', { value: 'pdp11' })
      const { uws, uwsAvailability } = await import(${JSON.stringify(BUILT)})
      const { createServer } = await import(${JSON.stringify(`${MINI_HTTP2}server.js`)})
      const refused = await createServer(uws, { app() {} }).catch((error) => error)
      console.log(JSON.stringify({ ...uwsAvailability(), code: refused.code, message: refused.message }))`
    const { state, reason, code, message } = (await run(script, folder)) as Record<string, string>
    expect({ state, code }).toEqual({ state: 'unavailable', code: 'UNSUPPORTED_SERVER_SETUP' })
    expect(reason).toContain('uWebSockets.js is there, but not native')
    expect(reason).toMatch(`${REDISTRIBUTION} is there, but does not load: Cannot find module`)
    expect(message).toContain(reason)
  })
})
