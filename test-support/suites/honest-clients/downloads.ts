import { expect, test } from 'vitest'
import { type FrameClient, frameClient } from '../../clients/frame-client'
import { headersFrames, requestFields, windowUpdateFrame } from '../../clients/frames'
import { downloadWithGo, GO_HTTP2 } from '../../clients/go-client'
import { testWithProgram } from '../../programs'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'

const KIB = 1024
const MB = 1_000_000

/** The connection and stream windows of Go's client, in octets. */
const GO_WINDOWS = { connection: 2 ** 30, stream: 4 * 2 ** 20 }

/**
 * Downloads by clients that send WINDOW_UPDATE after every few octets. All of these frames have an effect. `npm run
 * bench window-updates` (server-async) downloads more.
 */
export function describeDownloads({ start }: ServerStarter): void {
  // The volumes are several times what a limit on the number of frames would allow.
  test.each([
    { step: 1 * KIB, megabytes: 20 },
    { step: 4 * KIB, megabytes: 100 },
    { step: 8 * KIB, megabytes: 200 },
  ])('a client may refresh both windows for each $step octets that it reads', async (sizes) => {
    const { url } = await start({ app: HONEST_CLIENTS_APP })
    const octets = sizes.megabytes * MB
    const client = await chattyClient(url, sizes.step)
    void client.send(headersFrames(1, requestFields(`${url}download?octets=${octets}`)))
    expect(await client.outcome(1)).toMatchObject({ status: 200, length: octets, end: 'complete' })
  })

  const title = "Go's client reads 200 MB in pieces of 4,096 octets"
  const download = async () => {
    const { url } = await start({ app: HONEST_CLIENTS_APP })
    const { octets } = await downloadWithGo(`${url}download?octets=${200 * MB}`, 4 * KIB)
    expect(octets).toBe(200 * MB)
  }
  testWithProgram('go', title, download, GO_HTTP2)
}

/** A client that sends two WINDOW_UPDATE frames each time it has read `step` octets. */
function chattyClient(url: string, step: number): Promise<FrameClient> {
  const updates = [0, 1].map((streamId) => windowUpdateFrame(streamId, step))
  let unread = 0
  return frameClient(url, {
    settings: { INITIAL_WINDOW_SIZE: GO_WINDOWS.stream },
    connectionWindow: GO_WINDOWS.connection,
    onData(_, length) {
      unread += length
      const count = Math.floor(unread / step)
      unread %= step
      return count === 0 ? undefined : Buffer.concat(Array(count).fill(updates).flat() as Buffer[])
    },
  })
}
