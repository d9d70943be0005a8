import { serverStarters } from '../../../test-support/server-starter'
import { describeHandlersOfStuckClients } from '../../../test-support/suites/honest-clients/stuck-clients'
import { describeHonestClients } from '../../../test-support/suites/honest-clients-suite'
import { asyncSockets } from '../src'

for (const starter of serverStarters(asyncSockets, ['http2'])) {
  describeHonestClients(starter)
  describeHandlersOfStuckClients(starter)
}
