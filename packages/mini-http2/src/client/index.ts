export { ClientConnection, type ClientEvents } from './client-connection'
export { type PreparedRequest, prepareRequest, type RequestDescription } from './request'
export { type OctetSink, requestsVector, sendRequests } from './requests-vector'
