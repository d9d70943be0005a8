import { serverStarters } from '../../../test-support/server-starter'
import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { thread } from '../src'

for (const starter of serverStarters(thread, ['http2', 'nghttp2'])) {
  describeVanishingClients(starter, false)
}
