import { pointTitle as loadTitle } from '../summary/point-title'
import type { PointName } from './compare-trials'

/** Such as `async/http2, 5 clients, TLS, 100 streams`. */
export function pointTitle({ subject, ...point }: PointName): string {
  return subject === null ? loadTitle(point) : `${subject}, ${loadTitle(point)}`
}
