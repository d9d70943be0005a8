import { serverStarter, serverStarters } from '../../../test-support/server-starter'
import { describeHonestClients } from '../../../test-support/suites/honest-clients-suite'
import { none } from '../src'

for (const starter of [
  ...serverStarters(none, ['http2'], 'one'),
  // With TLS it runs in thread-honest-clients.test.ts: the loop is the same.
  serverStarter(none, { protocol: 'nghttp2', tls: false, clients: 'one' }),
]) {
  describeHonestClients(starter)
}
