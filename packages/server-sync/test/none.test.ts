import { serverStarters } from '../../../test-support/server-starter'
import { describeBadInput } from '../../../test-support/suites/bad-input-suite'
import { describeClients } from '../../../test-support/suites/client-suite'
import { describeLifecycle } from '../../../test-support/suites/lifecycle-suite'
import { describeSetup } from '../../../test-support/suites/setup-suite'
import { describeTlsOptions } from '../../../test-support/suites/tls-options-suite'
import { none } from '../src'

for (const starter of serverStarters(none, ['mini', 'http2', 'nghttp2'], 'one')) {
  describeLifecycle(starter)
  describeClients(starter)
  describeBadInput(starter)
  if (starter.tls) describeTlsOptions(starter)
}

describeSetup(none)
