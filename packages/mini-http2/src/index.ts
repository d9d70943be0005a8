export type { Handler, HandlerErrorListener } from './application/handler'
export type { BodyOptions, RequestBody, ServerRequest } from './application/request'
export { RequestHeaders } from './application/request-headers'
export type { ResponseBody, ServerResponse } from './application/response'
export {
  ClientPrefaceMismatchError,
  ConnectionError,
  type ConnectionErrorCode,
  MisuseError,
  type MisuseErrorCode,
  RequestBodyError,
  type RequestBodyErrorCode,
} from './errors'
export type { ErrorCodeName } from './frame/error-code'
export { type ConnectionLimits, DEFAULT_LIMITS } from './limits'
export type { Field, FieldList, FieldsInit } from './message/fields'
export {
  isPrebuiltResponse,
  type PrebuiltPart,
  type PrebuiltResponse,
  prebuildResponse,
  type ResponseDescription,
} from './prebuilt/prebuild-response'
