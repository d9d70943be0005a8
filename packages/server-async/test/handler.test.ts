import { serverStarters } from '../../../test-support/server-starter'
import { describeHandlerFailures } from '../../../test-support/suites/handler-failure-suite'
import { describeHandlerMisuse } from '../../../test-support/suites/handler-misuse-suite'
import { describeHandler } from '../../../test-support/suites/handler-suite'
import { describeResponses } from '../../../test-support/suites/response-suite'
import { asyncSockets } from '../src'

for (const starter of serverStarters(asyncSockets, ['http2'])) {
  describeHandler(starter)
  describeHandlerMisuse(starter)
  describeHandlerFailures(starter)
  describeResponses(starter)
}
