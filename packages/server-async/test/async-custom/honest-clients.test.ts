import { serverStarters } from '../../../../test-support/server-starter'
import { describeReadingWhileStuck } from '../../../../test-support/suites/honest-clients/reading-while-stuck'
import { describeHonestClients } from '../../../../test-support/suites/honest-clients-suite'
import { asyncCustom } from '../../src'

for (const starter of serverStarters(asyncCustom, ['http2'])) {
  describeHonestClients(starter)
  describeReadingWhileStuck(starter)
}
