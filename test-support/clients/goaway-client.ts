import { MAX_STREAM_ID } from '@h2lab/mini-http2/frames'
import { type FrameClient, frameClient } from './frame-client'
import { headersFrames, requestFields } from './frames'

/** What became of the requests of a connection, by their paths. */
export interface Fates {
  /** Answered whole and rightly. */
  readonly answered: readonly string[]
  /** Beyond the last stream that GOAWAY named, and without an answer: the client may send them elsewhere. */
  readonly refused: readonly string[]
  /** All others: the server had accepted them, but has not answered, or refused and answered. */
  readonly broken: readonly string[]
}

/** How many requests are under way on a connection. */
const IN_FLIGHT = 50
/** How many more are sent when the last stream is already named, as if they had been under way. */
const TOO_LATE = 20

/**
 * Sends one request after another to the application `noting.mjs` until the server says which was the last. It does not
 * stop at the first GOAWAY, which excludes none.
 *
 * @param name a part of the paths, so that each request is known
 * @param query of the paths
 * @param onBusy called when the first response is there
 * @returns when the server has ended the connection
 */
async function sendUntilGoaway(
  url: string,
  name: string,
  query: string,
  onBusy: () => void,
): Promise<Fates> {
  const client = await frameClient(url, { connectionWindow: 2 ** 31 - 1 })
  const paths = new Map<number, string>()
  const send = () => {
    const streamId = 1 + 2 * paths.size
    const path = `/${name}/${streamId}`
    paths.set(streamId, path)
    return client.send(headersFrames(streamId, requestFields(url, 'GET', `${path}?${query}`)))
  }
  while (lastStreamOf(client) === MAX_STREAM_ID) {
    const hasRoom = () => paths.size - client.ended < IN_FLIGHT
    await client.until(() => hasRoom() || lastStreamOf(client) < MAX_STREAM_ID)
    if (client.ended > 0) onBusy()
    if (hasRoom()) await send()
  }
  for (let count = 0; count < TOO_LATE; count++) void send()
  await client.closed
  return fatesOf(client, paths)
}

function lastStreamOf({ lastStreamIds }: FrameClient): number {
  return Math.min(MAX_STREAM_ID, ...lastStreamIds)
}

function fatesOf(client: FrameClient, paths: ReadonlyMap<number, string>): Fates {
  const answered: string[] = []
  const refused: string[] = []
  const broken: string[] = []
  for (const [streamId, path] of paths) {
    const outcome = client.outcomes.get(streamId)
    const isRight =
      outcome?.status === 200 && outcome.end === 'complete' && outcome.body.endsWith(path)
    const isRefused = outcome === undefined || outcome.end === 'REFUSED_STREAM'
    if (streamId > lastStreamOf(client)) (isRefused ? refused : broken).push(path)
    else (isRight ? answered : broken).push(path)
  }
  return { answered, refused, broken }
}

/** Does so on several connections. Resolves when all of them are busy, with what is to become of them. */
export async function loadUntilGoaway(
  url: string,
  connections: number,
  query: string,
): Promise<{ readonly fates: Promise<Fates[]> }> {
  const fates: Promise<Fates>[] = []
  const busy = Array.from({ length: connections }, (_, index) => {
    return new Promise<void>((resolve, reject) => {
      const fate = sendUntilGoaway(url, String(index), query, resolve)
      fate.catch(reject)
      fates.push(fate)
    })
  })
  await Promise.all(busy)
  return { fates: Promise.all(fates) }
}
