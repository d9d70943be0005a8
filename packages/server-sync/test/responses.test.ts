import { serverStarters } from '../../../test-support/server-starter'
import { describeHandlerFailures } from '../../../test-support/suites/handler-failure-suite'
import { describeResponses } from '../../../test-support/suites/response-suite'
import { none, thread } from '../src'

for (const starter of [
  ...serverStarters(none, ['http2', 'nghttp2'], 'one'),
  ...serverStarters(thread, ['http2', 'nghttp2']),
]) {
  describeHandlerFailures(starter)
  describeResponses(starter)
}
