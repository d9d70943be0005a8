export { FetchResponse } from './fetch-response'
export { installFetchClasses } from './install-fetch-classes'
export { type FetchHandler, type FetchHandlerOptions, toHandler } from './to-handler'
