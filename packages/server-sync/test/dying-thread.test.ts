import { serverStarters } from '../../../test-support/server-starter'
import { describeDyingThreads } from '../../../test-support/suites/dying-thread-suite'
import { none, thread } from '../src'

const starters = [...serverStarters(none, ['http2'], 'one'), ...serverStarters(thread, ['http2'])]

for (const starter of starters) describeDyingThreads(starter)
