import { HTTP_VERSION_NAMES } from '../load/http-version'
import type { Cell } from './cells'

/** The name of a cell's row or line, including the protocol if it is not HTTP/2. */
export function rowName({ implementation, httpVersion }: Cell): string {
  return httpVersion === 'h2'
    ? implementation
    : `${implementation} (${HTTP_VERSION_NAMES[httpVersion]})`
}
