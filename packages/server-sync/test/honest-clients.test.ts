import { serverStarters } from '../../../test-support/server-starter'
import { describeHonestClients } from '../../../test-support/suites/honest-clients-suite'
import { none, thread } from '../src'

for (const starter of [
  ...serverStarters(none, ['http2', 'nghttp2'], 'one'),
  ...serverStarters(thread, ['http2', 'nghttp2']),
]) {
  describeHonestClients(starter)
}
