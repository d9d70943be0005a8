import { serverStarters } from '../../../test-support/server-starter'
import { describeShutdownUnderLoad } from '../../../test-support/suites/shutdown-under-load-suite'
import { none, thread } from '../src'

for (const starter of [
  ...serverStarters(none, ['http2', 'nghttp2'], 'one'),
  ...serverStarters(thread, ['http2', 'nghttp2']),
]) {
  describeShutdownUnderLoad(starter)
}
