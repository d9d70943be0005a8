export { ClientConnection, type ClientOptions } from './client-connection'
export type { ClientEvents } from './client-events'
export { type PreparedRequest, prepareRequest, type RequestDescription } from './request'
export { type OctetSink, requestsVector, sendRequests } from './requests-vector'
