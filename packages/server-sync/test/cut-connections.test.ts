import { serverStarters } from '../../../test-support/server-starter'
import { describeCutConnections } from '../../../test-support/suites/cut-connection-suite'
import { none, thread } from '../src'

for (const starter of [
  ...serverStarters(none, ['http2', 'nghttp2'], 'one'),
  ...serverStarters(thread, ['http2', 'nghttp2']),
]) {
  describeCutConnections(starter)
}
