import { serverStarters } from '../../../test-support/server-starter'
import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { asyncCustom, asyncSockets } from '../src'

for (const method of [asyncSockets, asyncCustom]) {
  for (const starter of serverStarters(method, ['http2'])) describeVanishingClients(starter)
}
