import { expect, test } from 'vitest'
import { nginx } from '../../../src/peers/external/nginx'

const configured = (version: string) => {
  const { arguments: args, files } = nginx.configure({
    version,
    folder: '/folder',
    port: 8443,
    tls: undefined,
    user: undefined,
  })
  return { args, text: files['nginx.conf']! }
}

test.each(['1.18.0', '1.22.1', '1.25.0'])('nginx %s is told HTTP/2 where it listens', (version) => {
  expect(configured(version).text).toContain('listen 127.0.0.1:8443 http2;')
  expect(configured(version).text).not.toContain('http2 on;')
})

test.each(['1.25.1', '1.26.0', '1.30.0', '2.0.0'])('nginx %s is told HTTP/2 apart', (version) => {
  expect(configured(version).text).toContain('listen 127.0.0.1:8443;\n    http2 on;')
})

test('before 1.19.7 a limit on requests of a connection is of HTTP/2 alone', () => {
  expect(configured('1.18.0').text).toContain('http2_max_requests 1000000000;')
  expect(configured('1.19.7').text).not.toContain('http2_max_requests')
})

test('the argument -e is there since 1.19.5', () => {
  expect(configured('1.19.4').args).not.toContain('-e')
  expect(configured('1.19.5').args).toContain('-e')
})
