import {
  type ServerSetup,
  UnsupportedServerSetupError,
  unsupportedOption,
} from '@h2lab/mini-http2/server'
import { loadUws } from './library/uws-build'
import type { UwsLibrary } from './library/uws-library'

/** The default of `maxClients`. Only the system's limit on descriptors applies. */
export const UNLIMITED_CLIENTS = Number.MAX_SAFE_INTEGER

/**
 * Refuses setups that uWebSockets.js does not support.
 *
 * @returns the library
 * @throws UnsupportedServerSetupError
 */
export function checkSetup(setup: ServerSetup): UwsLibrary {
  const loaded = loadUws()
  if (loaded.state === 'unavailable') {
    throw unsupported(
      setup,
      `no native build of uWebSockets.js loads here (${loaded.reason})`,
      'uWebSockets.js installed from the distribution of its author in a version for this Node.js, or async/http2',
    )
  }
  checkTlsSettings(setup)
  if (setup.maxClients !== UNLIMITED_CLIENTS) {
    throw unsupported(
      setup,
      `uWebSockets.js accepts clients without reporting them, so maxClients can't be ${setup.maxClients}`,
      "no maxClients, and the system's limit on descriptors (ulimit -n) instead",
    )
  }
  if (!setup.noDelay) {
    throw unsupported(setup, 'uWebSockets.js always sets TCP_NODELAY', 'noDelay: true')
  }
  if (setup.date === false) {
    throw unsupported(setup, 'uWebSockets.js adds date to every response', 'date: true')
  }
  if (setup.extendedConnect) {
    throw unsupported(setup, 'HTTP/1.1 has no extended CONNECT', 'extendedConnect: false')
  }
  return loaded.library
}

/** uWebSockets.js accepts certificate files only and chooses all other TLS settings itself. */
function checkTlsSettings(setup: ServerSetup): void {
  for (const name of ['ciphers', 'minVersion', 'maxVersion', 'clientCertificates'] as const) {
    if (setup.tls?.[name] === undefined) continue
    throw unsupportedOption(
      setup,
      `tls.${name}`,
      `${setup.implementation} without it, or async/http2 with it`,
    )
  }
}

function unsupported(
  { implementation, tls }: ServerSetup,
  reason: string,
  alternative: string,
): UnsupportedServerSetupError {
  const combination = `${implementation} ${tls === undefined ? 'without TLS' : 'with TLS'}`
  return new UnsupportedServerSetupError(combination, reason, alternative)
}
