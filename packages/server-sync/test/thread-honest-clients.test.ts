import { serverStarter, serverStarters } from '../../../test-support/server-starter'
import { describeHonestClients } from '../../../test-support/suites/honest-clients-suite'
import { thread } from '../src'

for (const starter of [
  ...serverStarters(thread, ['http2']),
  // Without TLS it runs in none-honest-clients.test.ts: the loop is the same.
  serverStarter(thread, { protocol: 'nghttp2', tls: true }),
]) {
  describeHonestClients(starter)
}
