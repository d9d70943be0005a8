import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TlsCredentials } from '@h2lab/mini-http2/server'
import { readTlsCredentials } from '@h2lab/tls-context'
import type { ProgramSetup } from './external-program'

/** Creates the temporary folder of a program, private to this user. */
export function makePeerFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `h2lab-${name}-`))
}

/** Writes the certificate and the key for a program. Only the owner can read the key. */
export async function writeCertificate(
  folder: string,
  credentials: TlsCredentials,
): Promise<ProgramSetup['tls']> {
  const { cert, key } = await readTlsCredentials(credentials)
  const certFile = join(folder, 'cert.pem')
  const keyFile = join(folder, 'key.pem')
  await writeFile(certFile, cert, { mode: 0o600 })
  await writeFile(keyFile, key, { mode: 0o600 })
  return { certFile, keyFile }
}

/** Writes text files by name, relative to the folder. */
export async function writeFiles(
  folder: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    const file = join(folder, name)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, text)
  }
}
