import type { Handler } from '@h2lab/mini-http2'
import { createServer } from '@h2lab/mini-http2/server'
import { test } from 'vitest'
import { HELLO_WORLD as prebuilt } from '../../../test-support/server-starter'
import { uws } from '../src'

const handler: Handler = (_, response) => response.send(200)

// `tsc` compiles these and nothing runs them: what `createServer` would refuse, the compiler refuses.
test('uws takes any application and no protocol', () => {
  void (() => [
    createServer(uws, { app: prebuilt }),
    createServer(uws, { app: handler }),
    createServer(uws, { app: { module: './app.mjs' }, protocol: undefined }),
    // @ts-expect-error it brings its own protocol
    createServer(uws, { app: prebuilt, protocol: 'http2' }),
  ])
})
