import { serverStarters } from '../../../test-support/server-starter'
import { describeVanishingClients } from '../../../test-support/suites/vanishing-client-suite'
import { asyncSockets } from '../src'

for (const starter of serverStarters(asyncSockets, ['http2'])) describeVanishingClients(starter)
