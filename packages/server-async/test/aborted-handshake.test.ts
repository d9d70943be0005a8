import { serverStarter } from '../../../test-support/server-starter'
import { describeAbortedHandshakes } from '../../../test-support/suites/aborted-handshake-suite'
import { asyncCustom, asyncSockets, nodeHttp2 } from '../src'

describeAbortedHandshakes(serverStarter(asyncSockets, { protocol: 'http2', tls: true }))
describeAbortedHandshakes(serverStarter(asyncCustom, { protocol: 'http2', tls: true }))
describeAbortedHandshakes(serverStarter(nodeHttp2, { protocol: undefined, tls: true }))
