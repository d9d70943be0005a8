import { type PrebuiltResponse, prebuildResponse } from '@h2lab/mini-http2'
import type { Application } from '@h2lab/mini-http2/server'
import { builtFile } from '../processes/built-file'

/** The response of every server in the experiments: 12 octets. */
export const HELLO_WORLD: PrebuiltResponse = prebuildResponse({
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: 'Hello World\n',
})

/** The application that gives this response with a protocol. */
export function helloWorld(protocol: string | undefined): Application {
  return protocol === 'http2' || protocol === 'nghttp2'
    ? { module: builtFile('hello-world-app', import.meta.url) }
    : HELLO_WORLD
}
