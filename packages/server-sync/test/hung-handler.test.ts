import { serverStarter } from '../../../test-support/server-starter'
import { describeHungHandler } from '../../../test-support/suites/hung-handler-suite'
import { none, thread } from '../src'

const combination = { protocol: 'http2', tls: true } as const

describeHungHandler(serverStarter(none, { ...combination, clients: 'one' }), 0)
describeHungHandler(serverStarter(thread, combination), 1)
