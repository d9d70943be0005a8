export { SETTINGS_FRAME } from '../prebuilt/settings-frame'
export { withStreamId } from '../prebuilt/with-stream-id'
export { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from './client-preface'
export { ErrorCode, errorCodeName } from './error-code'
export { FrameFlag } from './frame-flag'
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
} from './frame-header'
export { FrameType, type FrameTypeName } from './frame-type'
export { makeGoawayFrame } from './goaway'
export { makeSettingsFrame, SETTINGS_ACK_FRAME, type Settings } from './settings'
export { SettingsParameter, type SettingsParameterName } from './settings-parameter'
