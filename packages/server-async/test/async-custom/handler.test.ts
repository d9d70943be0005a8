import { serverStarters } from '../../../../test-support/server-starter'
import { describeHandlerMisuse } from '../../../../test-support/suites/handler-misuse-suite'
import { describeHandler } from '../../../../test-support/suites/handler-suite'
import { asyncCustom } from '../../src'

for (const starter of serverStarters(asyncCustom, ['http2'])) {
  describeHandler(starter)
  describeHandlerMisuse(starter)
}
