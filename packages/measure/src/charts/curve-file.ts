import type { CurveSection } from '../summary/rate-curves'

/** Such as `latency-p99-5-clients-tls.svg`. Includes the number of streams if there are several. */
export function curveFile(
  measure: string,
  { scenario: { clients, tls }, streams }: CurveSection,
  all: readonly CurveSection[],
): string {
  const words = [measure, clients, clients === 1 ? 'client' : 'clients', tls ? 'tls' : 'plain']
  if (all.some((other) => other.streams !== streams)) {
    words.push(streams, streams === 1 ? 'stream' : 'streams')
  }
  return `${words.join('-')}.svg`
}
