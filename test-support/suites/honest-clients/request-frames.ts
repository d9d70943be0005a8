import type { FieldList } from '@h2lab/mini-http2'
import { expect, test } from 'vitest'
import { frameClient } from '../../clients/frame-client'
import {
  dataFrame,
  headersFrames,
  priorityFrame,
  priorityUpdateFrame,
  requestFields,
  rstStreamFrame,
  windowUpdateFrame,
} from '../../clients/frames'
import type { ServerStarter } from '../../server-starter'
import { HONEST_CLIENTS_APP } from './app'
import { streamIds } from './requests'

/** What a client sends with each request and after each complete response. */
interface Habit {
  readonly who: string
  readonly method?: 'POST'
  request(streamId: number, fields: FieldList): Buffer[]
  afterwards?(streamId: number): Buffer
}

const HABITS: readonly Habit[] = [
  {
    who: 'sends PRIORITY with each request, as nghttp2 does',
    request: (id, fields) => [priorityFrame(id), headersFrames(id, fields)],
  },
  {
    who: 'sends PRIORITY_UPDATE with each request, as browsers do',
    request: (id, fields) => [headersFrames(id, fields), priorityUpdateFrame(id, 'u=2')],
  },
  {
    who: 'sends PRIORITY_UPDATE before each request',
    request: (id, fields) => [priorityUpdateFrame(id, 'u=2'), headersFrames(id, fields)],
  },
  {
    who: 'opens the window of each stream that is answered without a body, as Firefox does',
    request: (id, fields) => [headersFrames(id, fields), windowUpdateFrame(id, 12_517_377)],
  },
  {
    who: 'ends each upload with an empty DATA frame behind another',
    method: 'POST',
    request: (id, fields) => [
      headersFrames(id, fields, 'open'),
      dataFrame(id, new Uint8Array(0), false),
      dataFrame(id, new Uint8Array(0), true),
    ],
  },
  {
    who: 'resets each stream behind its complete response, as Go and curl do',
    request: (id, fields) => [headersFrames(id, fields)],
    afterwards: (id) => rstStreamFrame(id, 'CANCEL'),
  },
]

const REQUESTS = 60_000
/** The number of requests sent before their responses are awaited. */
const BATCH = 100

/** As many frames without any effect as fit. */
const FLOODS: Readonly<Record<string, Buffer>> = {
  PRIORITY: priorityFrame(3),
  PRIORITY_UPDATE: priorityUpdateFrame(3, 'u=2'),
  'WINDOW_UPDATE of one octet': windowUpdateFrame(0, 1),
  'WINDOW_UPDATE on a closed stream': windowUpdateFrame(1, 1),
  'empty DATA': dataFrame(3, new Uint8Array(0), false),
  'RST_STREAM on a closed stream': rstStreamFrame(1),
}

/** Frames that accompany requests. How many are allowed depends on the number of requests. */
export function describeRequestFrames({ start }: ServerStarter): void {
  test.each(HABITS.map((habit) => [habit.who, habit] as const))(
    `a client that %s makes ${REQUESTS} requests`,
    async (_, habit) => {
      const { url } = await start({ app: HONEST_CLIENTS_APP })
      const client = await frameClient(url)
      const fields = requestFields(url, habit.method, '/no-content')
      let before: number[] = []
      for (let made = 0; made < REQUESTS; made += BATCH) {
        const streams = streamIds(BATCH, 1 + 2 * made)
        const { afterwards } = habit
        void client.send(
          ...(afterwards === undefined ? [] : before.map(afterwards)),
          ...streams.flatMap((id) => habit.request(id, fields)),
        )
        await client.until(() => client.ended === made + BATCH)
        before = streams
      }
      const statuses = [...client.outcomes.values()].map(({ status }) => status)
      expect(statuses.filter((status) => status !== 204)).toEqual([])
      expect(client.goaway).toBeUndefined()
    },
  )

  test.each(Object.entries(FLOODS))(
    'a flood of %s without requests ends the connection with ENHANCE_YOUR_CALM',
    async (_, frame) => {
      const { url } = await start({ app: HONEST_CLIENTS_APP })
      const client = await frameClient(url)
      void client.send(
        headersFrames(1, requestFields(url)),
        headersFrames(3, requestFields(url, 'POST', '/wait'), 'open'),
      )
      const batch = Buffer.concat(Array(10_000).fill(frame) as Buffer[])
      for (let sent = 0; sent < 50 && client.goaway === undefined; sent++) await client.send(batch)
      await client.closed
      expect(client.goaway).toBe('ENHANCE_YOUR_CALM')
    },
  )
}
