import { expect, test } from 'vitest'
import { frameClient } from '../../clients/frame-client'
import { headersFrames, requestFields } from '../../clients/frames'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { expectServing } from './requests'

const UPLOADS = 120
const AT_ONCE = 4
/** Fits the window of a stream, so all of it may be in flight when the response arrives. */
const LENGTH = 256_000
const FRAME_SIZE = 1024

/** An upload that is answered early is still in flight, legitimately within the windows. */
export function describeRejectedUploads({ start }: ServerStarter): void {
  test(`${UPLOADS} uploads of ${LENGTH} octets in small DATA frames may each be answered 413 at once`, async () => {
    const { url } = await start({ app: HONEST_CLIENTS_APP })
    const client = await frameClient(url)
    await client.until(() => client.settled)
    const fields = requestFields(url, 'POST', '/reject')
    let next = 1
    const uploadInTurn = async () => {
      while (next < 2 * UPLOADS) {
        const streamId = next
        next += 2
        void client.send(headersFrames(streamId, fields, 'open'))
        await client.sendBody(streamId, LENGTH, FRAME_SIZE)
        expect(await client.outcome(streamId)).toMatchObject({ status: 413, end: 'complete' })
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, uploadInTurn))
    await expectServing(client)
  })
}
