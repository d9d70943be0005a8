import { randomBytes } from 'node:crypto'
import {
  type CheckedTlsOptions,
  readTlsOptions,
  type TlsSettings,
} from '../../context/tls-settings'
import type { TlsCredentials } from '../../credentials/credential-types'
import { NativeTlsContext, TICKET_KEYS_OCTETS } from './native-tls-context'
import type { TlsObjects } from './tls-objects'

/**
 * The data from which the threads of a server create their contexts. Plain data, so that it can be
 * sent in a message.
 */
export interface SharedTls {
  /** The checked options. */
  readonly options: CheckedTlsOptions
  /** Shared by all threads, so that a client can resume its session with any of them. */
  readonly ticketKeys: Uint8Array
}

/**
 * Reads and checks the data that a server's threads share.
 *
 * @throws TlsCredentialsError (as a rejection) with the name of the file or text at fault
 * @throws TlsOptionError (as a rejection) with the name of the option at fault
 */
export async function shareTls(options: TlsCredentials & TlsSettings): Promise<SharedTls> {
  return { options: await readTlsOptions(options), ticketKeys: randomBytes(TICKET_KEYS_OCTETS) }
}

/**
 * Creates the context of a thread.
 *
 * @param objects records OpenSSL objects, for a thread that may be terminated
 * @throws errors of `NativeTlsContext`
 */
export function sharedTlsContext(
  { options, ticketKeys }: SharedTls,
  objects?: TlsObjects,
): NativeTlsContext {
  return new NativeTlsContext({ ...options, ticketKeys, objects })
}
