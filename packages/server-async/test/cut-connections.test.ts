import { serverStarters } from '../../../test-support/server-starter'
import { describeCutConnections } from '../../../test-support/suites/cut-connection-suite'
import { asyncCustom, asyncSockets, nodeHttp2 } from '../src'

for (const starter of [
  ...serverStarters(asyncSockets, ['http2']),
  ...serverStarters(asyncCustom, ['http2']),
  ...serverStarters(nodeHttp2),
]) {
  describeCutConnections(starter)
}
