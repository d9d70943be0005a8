import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServerTlsOptions } from '@h2lab/mini-http2/server'
import { readTlsOptions } from '@h2lab/tls-context'
import type { UwsApp, UwsLibrary } from '../library/uws-library'

/**
 * Creates an application of uWebSockets.js, for plain TCP or TLS.
 *
 * @throws TlsCredentialsError that names the file or text at fault
 */
export async function makeApp(
  library: UwsLibrary,
  tls: ServerTlsOptions | undefined,
): Promise<UwsApp> {
  if (tls === undefined) return library.App()
  const { cert, key } = await readTlsOptions(tls)
  return await withPrivateFiles({ cert, key }, (files) =>
    library.SSLApp({ cert_file_name: files.cert, key_file_name: files.key }),
  )
}

/**
 * uWebSockets.js only accepts certificates and keys as files, which it reads while it creates the application. They
 * are deleted afterwards, and no other user can read them.
 */
async function withPrivateFiles<Result>(
  texts: { readonly cert: string; readonly key: string },
  use: (paths: { readonly cert: string; readonly key: string }) => Result,
): Promise<Result> {
  // mkdtemp creates it with mode 0700.
  const folder = await mkdtemp(join(tmpdir(), 'h2lab-uws-'))
  try {
    const paths = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') }
    await writeFile(paths.cert, texts.cert, { mode: 0o600 })
    await writeFile(paths.key, texts.key, { mode: 0o600 })
    return use(paths)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
