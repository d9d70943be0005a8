import { serverStarters } from '../../../../test-support/server-starter'
import { describeBadInput } from '../../../../test-support/suites/bad-input-suite'
import { describeClients } from '../../../../test-support/suites/client-suite'
import { makeAsyncCustom } from '../../src'

// With poll(2) instead of epoll(7).
for (const starter of serverStarters(makeAsyncCustom({ poller: 'poll' }), ['mini'])) {
  describeClients(starter)
  describeBadInput(starter)
}
