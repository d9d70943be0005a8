import { randomBytes } from 'node:crypto'
import {
  type CheckedTlsOptions,
  readTlsOptions,
  type TlsSettings,
} from '../../context/tls-settings'
import type { TlsCredentials } from '../../credentials/credential-types'
import { NativeTlsContext, TICKET_KEYS_OCTETS } from './native-tls-context'
import type { TlsObjects } from './tls-objects'

/** What the threads of a server make their contexts of, as plain data: a thread gets it by a message. */
export interface SharedTls {
  /** Read and checked. */
  readonly options: CheckedTlsOptions
  /** Common to all, so that a client can resume its session with any. */
  readonly ticketKeys: Uint8Array
}

/**
 * Reads and checks what a server's threads share.
 *
 * @throws TlsCredentialsError (as a rejection) that names the file or text at fault
 * @throws TlsOptionError (as a rejection) that names the option at fault
 */
export async function shareTls(options: TlsCredentials & TlsSettings): Promise<SharedTls> {
  return { options: await readTlsOptions(options), ticketKeys: randomBytes(TICKET_KEYS_OCTETS) }
}

/**
 * Makes a thread's context.
 *
 * @param objects knows what there is of OpenSSL, for a thread that may have to be terminated
 * @throws what `NativeTlsContext` throws
 */
export function sharedTlsContext(
  { options, ticketKeys }: SharedTls,
  objects?: TlsObjects,
): NativeTlsContext {
  return new NativeTlsContext({ ...options, ticketKeys, objects })
}
