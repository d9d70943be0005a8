import { HTTP_VERSION_NAMES } from '../load/http-version'
import type { Cell } from './cells'

/** What a cell's row or line is called: with the protocol, where that is not HTTP/2. */
export function rowName({ implementation, httpVersion }: Cell): string {
  return httpVersion === 'h2'
    ? implementation
    : `${implementation} (${HTTP_VERSION_NAMES[httpVersion]})`
}
