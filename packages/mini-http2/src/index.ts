// How a response is checked and a handler called: for protocols that others bring along.
export { callHandler, type HandlerOptions } from './application/call-handler'
export { CheckedResponse } from './application/checked-response'
export type { Handler, HandlerErrorListener } from './application/handler'
export { reportHandlerError } from './application/report-handler-error'
export type { BodyOptions, RequestBody, ServerRequest } from './application/request'
export { RequestHeaders } from './application/request-headers'
export type { ResponseBody, ServerResponse } from './application/response'
export { HIGH_WATER_MARK } from './application/response-rules'
export type { Connection, ConnectionState } from './connection'
export {
  ClientPrefaceMismatchError,
  ConnectionError,
  type ConnectionErrorCode,
  MisuseError,
  type MisuseErrorCode,
  promiseRefused,
  RequestBodyError,
  type RequestBodyErrorCode,
} from './errors'
export { FetchResponse } from './fetch/fetch-response'
export { installFetchClasses } from './fetch/install-fetch-classes'
export { type FetchHandler, type FetchHandlerOptions, toHandler } from './fetch/to-handler'
export { CLIENT_PREFACE, CLIENT_PREFACE_LENGTH } from './frame/client-preface'
export { ErrorCode, type ErrorCodeName, errorCodeName } from './frame/error-code'
export { FrameFlag } from './frame/frame-flag'
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
} from './frame/frame-header'
export { FrameType, type FrameTypeName } from './frame/frame-type'
export { makeGoawayFrame } from './frame/goaway'
export { makeSettingsFrame, SETTINGS_ACK_FRAME, type Settings } from './frame/settings'
export { SettingsParameter, type SettingsParameterName } from './frame/settings-parameter'
export { DateField, hasDate } from './http2/date-field'
export { Http2Connection } from './http2/http2-connection'
export {
  FRAMES_PER_RESPONSE,
  MOST_WINDOW_UPDATES,
  windowUpdatesFor,
} from './http2/limits/frame-allowances'
export { TokenBucket } from './http2/limits/token-bucket'
export { type Http2Init, type Http2Options, toHttp2Options } from './http2/options'
export { IncomingBody, type IncomingBodyEvents } from './http2/request/incoming-body'
export { checkListSize, listSize, ORDINARY_LIST_SIZE } from './http2/send/header-list-limit'
export { type ConnectionLimits, DEFAULT_LIMITS, LIMIT_NAMES, type LimitName } from './limits'
export { sameAuthority } from './message/authority'
export { type Content, contentOctets } from './message/content'
export { contentLengthOf } from './message/content-length'
export { joinCookies } from './message/cookies'
export { type Field, type FieldList, type FieldsInit, toFieldList } from './message/fields'
export { isPath } from './message/path'
export { statusAllowsBody } from './message/status'
export { MiniConnection } from './mini/mini-connection'
export {
  isPrebuiltResponse,
  type PrebuiltPart,
  type PrebuiltResponse,
  prebuildResponse,
  type ResponseDescription,
} from './prebuilt/prebuild-response'
export { SETTINGS_FRAME } from './prebuilt/settings-frame'
export { withStreamId } from './prebuilt/with-stream-id'
export {
  type ConnectionFactory,
  type ConnectionOptions,
  connectionFactory,
  PROTOCOL_NAMES,
  type ProtocolName,
} from './protocol'
