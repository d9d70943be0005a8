import { serverStarters } from '../../../../test-support/server-starter'
import { describeHandler } from '../../../../test-support/suites/handler-suite'
import { asyncCustom } from '../../src'

for (const starter of serverStarters(asyncCustom, ['http2'])) describeHandler(starter)
