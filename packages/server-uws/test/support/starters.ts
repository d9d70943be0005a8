import { type ServerStarter, serverStarter } from '../../../../test-support/server-starter'
import { uws } from '../../src'

/** Starts `uws` without and with TLS. */
export const UWS_STARTERS: readonly ServerStarter[] = [false, true].map((tls) =>
  serverStarter(uws, { protocol: undefined, tls, httpVersion: '1.1' }),
)
