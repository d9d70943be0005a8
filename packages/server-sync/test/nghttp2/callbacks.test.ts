import koffi from 'koffi'
import { expect, test } from 'vitest'
import { NGHTTP2_CALLBACKS } from '../../src'
import { Nghttp2Connection } from '../../src/nghttp2/nghttp2-connection'
import { toNghttp2Options } from '../../src/nghttp2/options'

test('every function that nghttp2 calls has its prototype and text', () => {
  expect(NGHTTP2_CALLBACKS.map(({ name }) => name)).toEqual([
    'on_begin_headers',
    'on_header',
    'on_frame_recv',
    'on_stream_close',
    'data_source_read',
  ])
  for (const { name, prototype, documentation } of NGHTTP2_CALLBACKS) {
    expect(prototype).toContain(`${name}(`)
    expect(documentation).toContain(prototype)
  }
})

test('callbacks are registered once, not for each connection', () => {
  const options = toNghttp2Options({ app: (_, response) => response.send(204) })
  new Nghttp2Connection(options, 0).abandon()
  const { callbacks } = koffi.stats()
  for (let count = 0; count < 100; count++) new Nghttp2Connection(options, 0).abandon()
  expect(koffi.stats().callbacks).toBe(callbacks)
})
