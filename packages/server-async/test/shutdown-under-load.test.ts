import { serverStarters } from '../../../test-support/server-starter'
import { describeShutdownUnderLoad } from '../../../test-support/suites/shutdown-under-load-suite'
import { asyncCustom, asyncSockets } from '../src'

for (const method of [asyncSockets, asyncCustom]) {
  for (const starter of serverStarters(method, ['http2'])) describeShutdownUnderLoad(starter)
}
