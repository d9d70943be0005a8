export { ClientConnection, type ClientEvents, type ClientOptions } from './client-connection'
export { type PreparedRequest, prepareRequest, type RequestDescription } from './request'
export { type OctetSink, requestsVector, sendRequests } from './requests-vector'
