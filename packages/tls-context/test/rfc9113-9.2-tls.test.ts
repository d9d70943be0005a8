import { once } from 'node:events'
import { createServer } from 'node:tls'
import { expect, onTestFinished, test } from 'vitest'
import { createHttp2TlsContext } from '../src'
import { describeHttp2Tls } from './suites/http2-tls-suite'
import { makeCredentials } from './support/credentials'
import { connectOnce, serve } from './support/tls-connections'

describeHttp2Tls('TLS by node:tls', (options, onHandshake) =>
  serve(createHttp2TlsContext(options).serverOptions, (socket) => {
    onHandshake?.({
      alpn: socket.alpnProtocol || undefined,
      certificate: socket.getPeerX509Certificate()?.fingerprint256,
      authorized: socket.authorized,
    })
  }),
)

test('authorities that are not PEM are refused', async () => {
  const credentials = await makeCredentials()
  const clientCertificates = { mode: 'require', ca: 'my authority' } as const
  expect(() => createHttp2TlsContext({ ...credentials, clientCertificates })).toThrow(
    expect.objectContaining({ code: 'TLS_NOT_PEM' }),
  )
})

test('the secureContext serves a name of its own through SNICallback', async () => {
  const ec = await makeCredentials()
  const other = await makeCredentials({ commonName: 'other.test' })
  const { secureContext } = createHttp2TlsContext(other)
  const server = createServer({
    ...createHttp2TlsContext(ec).serverOptions,
    SNICallback: (_name, done) => done(null, secureContext),
  })
  server.on('secureConnection', (socket) => socket.end('.'))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as { port: number }
  const options = { ca: other.cert, servername: 'other.test', rejectUnauthorized: true }
  expect(await connectOnce(port, options)).toMatchObject({ alpn: 'h2' })
})
