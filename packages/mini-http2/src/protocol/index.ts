export { callHandler, type HandlerOptions } from '../application/call-handler'
export { CheckedResponse } from '../application/checked-response'
export { reportHandlerError } from '../application/report-handler-error'
export { HIGH_WATER_MARK } from '../application/response-rules'
export type { Connection, ConnectionState } from '../connection'
export { promiseRefused } from '../errors'
export { DateField, hasDate } from '../http2/date-field'
export { Http2Connection } from '../http2/http2-connection'
export {
  FRAMES_PER_RESPONSE,
  MOST_WINDOW_UPDATES,
  windowUpdatesFor,
} from '../http2/limits/frame-allowances'
export {
  createMemoryUse,
  releaseMemoryUse,
  type SharedMemoryUse,
} from '../http2/limits/shared-use'
export { TokenBucket } from '../http2/limits/token-bucket'
export { type Http2Init, type Http2Options, toHttp2Options } from '../http2/options'
export { IncomingBody, type IncomingBodyEvents } from '../http2/request/incoming-body'
export { checkListSize, listSize, ORDINARY_LIST_SIZE } from '../http2/send/header-list-limit'
export { LIMIT_NAMES, type LimitName } from '../limits'
export { sameAuthority } from '../message/authority'
export { type Content, contentOctets } from '../message/content'
export { contentLengthOf } from '../message/content-length'
export { toFieldList } from '../message/fields'
export { isPath } from '../message/path'
export { statusAllowsBody } from '../message/status'
export { MiniConnection } from '../mini/mini-connection'
export {
  type ConnectionFactory,
  type ConnectionOptions,
  connectionFactory,
  PROTOCOL_NAMES,
  type ProtocolName,
} from './connection-factory'
