import { serverStarter } from '../../../../test-support/server-starter'
import { describeHungHandler } from '../../../../test-support/suites/hung-handler-suite'
import { asyncCustom } from '../../src'

describeHungHandler(serverStarter(asyncCustom, { protocol: 'http2', tls: true }), 20)
