import { serverStarters } from '../../../test-support/server-starter'
import { describeHandlerMisuse } from '../../../test-support/suites/handler-misuse-suite'
import { describeHandler } from '../../../test-support/suites/handler-suite'
import { asyncSockets } from '../src'

for (const starter of serverStarters(asyncSockets, ['http2'])) {
  describeHandler(starter)
  describeHandlerMisuse(starter)
}
