export { type UwsAvailability, type UwsBuild, uwsAvailability } from './library/uws-build'
export { uws } from './uws'
