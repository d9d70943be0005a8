// A client that announces each few octets which it has read, as Go's does: two WINDOW_UPDATE frames for them.
import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import {
  CLIENT_PREFACE,
  FrameFlag,
  FrameType,
  makeFrame,
  makeSettingsFrame,
  SETTINGS_ACK_FRAME,
} from '@h2lab/mini-http2/frames'
import { encodeWithoutDynamicTable } from '@h2lab/mini-http2/hpack'

const STREAM_WINDOW = 4 * 2 ** 20
const CONNECTION_WINDOW = 2 ** 30

/**
 * Downloads a URL.
 *
 * @param step how many octets each pair of WINDOW_UPDATE frames gives back
 * @returns the octets of the body, how many WINDOW_UPDATE frames were sent, and how the connection ended
 */
export async function download(url, step) {
  const { protocol, hostname: host, port, pathname, search, host: authority } = new URL(url)
  const options = { host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ['h2'] }
  const secure = protocol === 'https:'
  const socket = secure ? tls.connect(options) : net.connect(options)
  await once(socket, secure ? 'secureConnect' : 'connect')
  const fields = [
    [':method', 'GET'],
    [':scheme', protocol.slice(0, -1)],
    [':authority', authority],
    [':path', pathname + search],
  ]
  socket.write(CLIENT_PREFACE)
  socket.write(makeSettingsFrame({ INITIAL_WINDOW_SIZE: STREAM_WINDOW }))
  socket.write(windowUpdate(0, CONNECTION_WINDOW - 65_535))
  const flags = FrameFlag.END_HEADERS | FrameFlag.END_STREAM
  socket.write(makeFrame(FrameType.HEADERS, flags, 1, encodeWithoutDynamicTable(fields)))

  const pair = Buffer.concat([windowUpdate(0, step), windowUpdate(1, step)])
  const result = { octets: 0, updates: 0, end: 'lost' }
  let unread = 0
  const onFrame = (type, frameFlags, payload) => {
    if (type === FrameType.DATA) {
      result.octets += payload.length
      unread += payload.length
      const count = Math.floor(unread / step)
      unread %= step
      if (count > 0) socket.write(Buffer.alloc(count * pair.length, pair))
      result.updates += 2 * count
      if ((frameFlags & FrameFlag.END_STREAM) !== 0) finish('complete')
    } else if (type === FrameType.SETTINGS && (frameFlags & FrameFlag.ACK) === 0) {
      socket.write(SETTINGS_ACK_FRAME)
    } else if (type === FrameType.GOAWAY) {
      finish(`GOAWAY with error code ${payload.readUInt32BE(4)}`)
    }
  }
  const finish = (end) => {
    result.end = end
    socket.destroy()
  }
  let rest = Buffer.alloc(0)
  socket.on('error', () => {})
  socket.on('data', (octets) => {
    const input = rest.length === 0 ? octets : Buffer.concat([rest, octets])
    let start = 0
    while (input.length - start >= 9) {
      const end = start + 9 + input.readUIntBE(start, 3)
      if (end > input.length) break
      onFrame(input[start + 3], input[start + 4], input.subarray(start + 9, end))
      start = end
    }
    rest = input.subarray(start)
  })
  await new Promise((resolve) => socket.once('close', resolve))
  return result
}

function windowUpdate(streamId, increment) {
  const payload = Buffer.alloc(4)
  payload.writeUInt32BE(increment)
  return Buffer.from(makeFrame(FrameType.WINDOW_UPDATE, 0, streamId, payload))
}
