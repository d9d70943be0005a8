import { serverStarter } from '../../../test-support/server-starter'
import { describeHandlerMisuse } from '../../../test-support/suites/handler-misuse-suite'
import { none } from '../src'

for (const protocol of ['http2', 'nghttp2'])
  describeHandlerMisuse(serverStarter(none, { protocol, tls: false }))
