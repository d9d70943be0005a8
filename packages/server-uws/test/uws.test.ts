import { describeClients } from '../../../test-support/suites/client-suite'
import { describeHandlerFailures } from '../../../test-support/suites/handler-failure-suite'
import { describeHandlerMisuse } from '../../../test-support/suites/handler-misuse-suite'
import { describeHandler } from '../../../test-support/suites/handler-suite'
import { describeLifecycle } from '../../../test-support/suites/lifecycle-suite'
import { describeResponses } from '../../../test-support/suites/response-suite'
import { describeSetup } from '../../../test-support/suites/setup-suite'
import { describeRefusedTlsOptions } from '../../../test-support/suites/tls-options-suite'
import { uws } from '../src'
import { describeWithUws } from './support/describe-with-uws'
import { UWS_STARTERS } from './support/starters'

describeWithUws('uws', () => {
  for (const starter of UWS_STARTERS) {
    describeLifecycle(starter)
    describeClients(starter)
    describeHandler(starter)
    describeHandlerFailures(starter)
    describeResponses(starter)
    if (starter.tls) describeRefusedTlsOptions(starter)
  }
  describeSetup(uws)
  describeHandlerMisuse(UWS_STARTERS[0]!)
})
