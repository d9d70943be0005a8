import { serverStarters } from '../../../test-support/server-starter'
import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { none } from '../src'

for (const starter of serverStarters(none, ['http2', 'nghttp2'], 'one')) {
  describeVanishingClients(starter, false)
}
