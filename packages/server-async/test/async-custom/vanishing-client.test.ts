import { serverStarters } from '../../../../test-support/server-starter'
import { describeVanishingClients } from '../../../../test-support/suites/vanishing-client-suite'
import { asyncCustom } from '../../src'

for (const starter of serverStarters(asyncCustom, ['http2'])) describeVanishingClients(starter)
