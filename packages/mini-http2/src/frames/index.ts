// The entry `@h2lab/mini-http2/frames`: the public part of the folder `frame`.
export { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from '../frame/client-preface'
export { ErrorCode, errorCodeName } from '../frame/error-code'
export { FrameFlag } from '../frame/frame-flag'
export {
  DEFAULT_MAX_FRAME_SIZE,
  FRAME_HEADER_LENGTH,
  getFrameFlags,
  getFrameSize,
  getFrameType,
  getStreamId,
  getStreamIdIfEnds,
  MAX_STREAM_ID,
  makeFrame,
  writeFrameHeader,
  writeStreamId,
} from '../frame/frame-header'
export { FrameType, type FrameTypeName } from '../frame/frame-type'
export { makeGoawayFrame } from '../frame/goaway'
export { makeSettingsFrame, SETTINGS_ACK_FRAME, type Settings } from '../frame/settings'
export { SettingsParameter, type SettingsParameterName } from '../frame/settings-parameter'
export { SETTINGS_FRAME } from '../prebuilt/settings-frame'
export { withStreamId } from '../prebuilt/with-stream-id'
