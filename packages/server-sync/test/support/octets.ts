import {
  CLIENT_PREFACE,
  FrameFlag,
  FrameType,
  makeFrame,
  makeSettingsFrame,
  type Settings,
  writeStreamId,
} from '@h2lab/mini-http2/frames'
import { concatenate, type OctetVector, octetize } from '@h2lab/octets'

/** The octets of GET / to localhost, or of another static combination, encoded by RFC 7541. */
const GET = octetize('82 87 84 41 09 6c6f63616c686f7374', 'hex')

/** What a client begins with. */
export function opening(settings: Settings = {}): OctetVector {
  return concatenate(CLIENT_PREFACE, makeSettingsFrame(settings))
}

/** A request's HEADERS frame; with `open` its content is still to come. */
export function request(streamId = 1, end: 'complete' | 'open' = 'complete'): OctetVector {
  const flags = FrameFlag.END_HEADERS | (end === 'complete' ? FrameFlag.END_STREAM : 0)
  const frame = makeFrame(FrameType.HEADERS, flags, 0, GET)
  writeStreamId(frame, 0, streamId)
  return frame
}
