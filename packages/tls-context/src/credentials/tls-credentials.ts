import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TlsCredentialsError } from '../errors'
import { checkOptionNames, invalidOption } from '../options'
import { checkPemCredentials, type NamedSources } from './check-credentials'
import {
  type CheckedTlsCredentials,
  CREDENTIAL_OPTIONS,
  type PemTlsCredentials,
  type TlsCredentialFiles,
  type TlsCredentials,
} from './credential-types'

/**
 * Reads credentials that are in files, and checks that a server can use them.
 *
 * It doesn't check whether a client would trust the certificate: an expired one, or one for another
 * name, is accepted.
 *
 * @throws TlsCredentialsError (as a rejection) with the name of the file or text at fault
 * @throws TlsOptionError (as a rejection) if an option does not exist
 */
export async function readTlsCredentials(
  credentials: TlsCredentials,
): Promise<CheckedTlsCredentials> {
  checkOptionNames(credentials, CREDENTIAL_OPTIONS)
  return readCredentials(credentials)
}

/**
 * Reads credentials whose option names were checked.
 *
 * @throws TlsCredentialsError, TlsOptionError
 */
export async function readCredentials(credentials: TlsCredentials): Promise<CheckedTlsCredentials> {
  const { cert, key, certFile } = credentials as Partial<PemTlsCredentials & TlsCredentialFiles>
  if (certFile === undefined) return checkPemCredentials(credentials as PemTlsCredentials)
  if (cert !== undefined || key !== undefined) {
    throw invalidOption('certFile', certFile, 'omitted when cert and key are given')
  }
  return readFiles(credentials as TlsCredentialFiles)
}

async function readFiles(credentials: TlsCredentialFiles): Promise<CheckedTlsCredentials> {
  const certPath = resolve(credentials.certFile)
  const keyPath = resolve(credentials.keyFile)
  const [cert, key] = await Promise.all([
    readPemFile(certPath, 'certificate'),
    readPemFile(keyPath, 'private key'),
  ])
  const sources: NamedSources = {
    cert: `the certificate file ${certPath}`,
    key: `the private key file ${keyPath}`,
  }
  const { passphrase } = credentials
  return checkPemCredentials(
    passphrase === undefined ? { cert, key } : { cert, key, passphrase },
    sources,
  )
}

async function readPemFile(path: string, what: 'certificate' | 'private key'): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    throw new TlsCredentialsError(
      'TLS_FILE_UNREADABLE',
      `Can't read the ${what} file ${path}: ${reason(cause)}. It must be a PEM file that this process can read.`,
      { cause },
    )
  }
}

function reason(cause: unknown): string {
  switch ((cause as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file'
    case 'EACCES':
    case 'EPERM':
      return 'permission denied'
    case 'EISDIR':
      return 'it is a folder'
    default:
      return (cause as Error).message
  }
}
