import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { octetize } from '@h2lab/octets'
import { describe, expect, test } from 'vitest'
import { type Frame, readFrame } from '../../src/frame/read-frame'
import { FrameType } from '../../src/frames'

/*
 * The frames of http2jp/http2-frame-test-case: wire octets with their meaning, or with the allowed
 * error codes.
 */

interface TestCase {
  readonly description: string
  readonly wire: string
  readonly error: readonly number[] | null
  readonly frame: {
    readonly length: number
    readonly type: number
    readonly flags: number
    readonly stream_identifier: number
    readonly frame_payload: Readonly<Record<string, unknown>>
  } | null
}

const ERROR_NUMBERS: Readonly<Record<string, number>> = { PROTOCOL_ERROR: 1, FRAME_SIZE_ERROR: 6 }

const cases = new URL('../../../../../shared/http2-frame-test-case/', import.meta.url).pathname

const files = existsSync(cases)
  ? readdirSync(cases, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.json'),
    )
  : []

if (files.length === 0) test.skip('the cases of http2-frame-test-case, which is absent', () => {})

describe.skipIf(files.length === 0)('http2-frame-test-case', () => {
  test.each(files)('%s', (file) => {
    const { wire, error, frame } = JSON.parse(readFileSync(join(cases, file), 'utf8')) as TestCase
    const result = readFrame(octetize(wire, 'hex'))
    if (result.state === 'invalid') {
      expect(error).toContain(ERROR_NUMBERS[result.fault.code])
      return
    }
    expect(frame).not.toBeNull()
    expect({
      type: FrameType[result.frame.type as keyof typeof FrameType],
      flags: result.frame.flags,
      stream_identifier: result.frame.streamId,
    }).toEqual({
      type: frame?.type,
      flags: frame?.flags,
      stream_identifier: frame?.stream_identifier,
    })
    expect(frame?.frame_payload).toMatchObject(payloadOf(result.frame))
  })
})

/** With the names used in the test cases. */
function payloadOf(frame: Frame): Record<string, unknown> {
  const text = (octets: Uint8Array) => new TextDecoder('latin1').decode(octets)
  const padding = (length: number | undefined) =>
    length === undefined ? {} : { padding_length: length }
  const priority = (fields: { exclusive: boolean; streamDependency: number; weight: number }) => ({
    exclusive: fields.exclusive,
    stream_dependency: fields.streamDependency,
    weight: fields.weight,
  })
  switch (frame.type) {
    case 'DATA':
      return { data: text(frame.data), ...padding(frame.padding) }
    case 'HEADERS':
      return {
        header_block_fragment: text(frame.fragment),
        ...padding(frame.padding),
        ...(frame.priority === undefined ? {} : priority(frame.priority)),
      }
    case 'PRIORITY':
      return priority(frame.priority)
    case 'RST_STREAM':
      return { error_code: frame.errorCode }
    case 'SETTINGS':
      return { settings: frame.settings }
    case 'PUSH_PROMISE':
      return {
        promised_stream_id: frame.promisedStreamId,
        header_block_fragment: text(frame.fragment),
        ...padding(frame.padding),
      }
    case 'PING':
      return { opaque_data: text(frame.opaqueData) }
    case 'GOAWAY':
      return {
        last_stream_id: frame.lastStreamId,
        error_code: frame.errorCode,
        additional_debug_data: text(frame.debugData),
      }
    case 'WINDOW_UPDATE':
      return { window_size_increment: frame.increment }
    case 'CONTINUATION':
      return { header_block_fragment: text(frame.fragment) }
    case 'PRIORITY_UPDATE':
    case 'UNKNOWN':
      return expect.unreachable('RFC 7540 has no such frame')
  }
}
