import { serverStarters } from '../../../test-support/server-starter'
import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { none, thread } from '../src'

const protocols = ['http2', 'nghttp2']

for (const starter of serverStarters(none, protocols, 'one')) {
  describeVanishingClients(starter, false)
}
for (const starter of serverStarters(thread, protocols)) describeVanishingClients(starter, false)
