import { describeHttp2Tls } from '../suites/http2-tls-suite'
import { serveNatively } from './support/serve-natively'

for (const over of ['descriptor', 'memory'] as const) {
  describeHttp2Tls(`TLS by OpenSSL over a ${over}`, (options, onHandshake) =>
    serveNatively(over, options, { onHandshake }),
  )
}
