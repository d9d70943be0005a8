import { PROTOCOL_NAMES, type ProtocolName } from '@h2lab/mini-http2/protocol'
import {
  checkOptionNames,
  type DispatchMethod,
  invalidOption,
  type ServerSetup,
  type StartedServer,
} from '@h2lab/mini-http2/server'
import { allReady, threadedServer } from '@h2lab/mini-http2/server/thread'
import type { OptionNamesOf } from '@h2lab/octets'
import { POLLER_NAMES, type PollerName } from './poller/poller'
import { openServerListeners } from './server-listeners'
import { LastingLoop } from './thread/lasting-loop'
import { type Command, type LoopOptions, type SharedData, toSharedData } from './thread/thread-data'

/** The options of {@link makeAsyncCustom}. */
export interface AsyncCustomOptions {
  /**
   * The number of threads, each with its own loop. Default 1. With more, the kernel distributes the clients among
   * them (SO_REUSEPORT).
   */
  readonly threads?: number | undefined
  /**
   * How a loop waits for events. Default `epoll`, whose cost does not grow with the number of idle clients. `poll` is
   * there for comparison.
   */
  readonly poller?: PollerName | undefined
  /**
   * Whether a loop with few clients ready waits a tenth of a millisecond for more of them, which saves CPU time: see
   * the README. Default true. It never waits for clients that send more than a thousand requests per second, nor with
   * fewer than 24 clients.
   */
  readonly gather?: boolean | undefined
}

const OPTIONS: OptionNamesOf<AsyncCustomOptions> = { threads: true, poller: true, gather: true }

/** More threads than any machine can use. A larger value is a typo. */
const MOST_THREADS = 1024

/**
 * Makes the dispatch method `async-custom` with the given options.
 *
 * @throws ServerSetupError `INVALID_OPTION` if an option does not exist or has an invalid value
 */
export function makeAsyncCustom(
  options: AsyncCustomOptions = {},
): DispatchMethod<ProtocolName, 'modules'> {
  checkOptionNames(options, OPTIONS)
  const { threads = 1, poller = 'epoll', gather = true } = options
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) {
    throw invalidOption('threads', threads, `an integer from 1 to ${MOST_THREADS}`)
  }
  if (!POLLER_NAMES.includes(poller))
    throw invalidOption('poller', poller, POLLER_NAMES.join(' or '))
  if (typeof gather !== 'boolean') throw invalidOption('gather', gather, 'true or false')
  return {
    name: 'async-custom',
    protocols: PROTOCOL_NAMES,
    handlers: 'modules',
    start: (setup) => start(setup, threads, { poller, gather }),
  }
}

/**
 * The dispatch method `async-custom`: an event loop over raw file descriptors in a worker thread, which drives
 * OpenSSL through memory BIOs.
 */
export const asyncCustom: DispatchMethod<ProtocolName, 'modules'> = makeAsyncCustom()

async function start(
  setup: ServerSetup,
  threads: number,
  options: LoopOptions,
): Promise<StartedServer> {
  const shared = await toSharedData(setup, threads, options)
  const { descriptors, port } = await openServerListeners(setup, threads)
  const loops = await startLoops(shared, descriptors, setup)
  const server = threadedServer(port, {
    drain: () => tellAll(loops, 'drain'),
    kill: () => tellAll(loops, 'kill'),
    terminate() {
      for (const loop of loops) loop.terminate()
    },
    get failure() {
      return loops.find(({ failure }) => failure !== undefined)?.failure
    },
    ended: Promise.all(loops.map(({ ended }) => ended)).then(() => {}),
  })
  for (const loop of loops) {
    // Its clients would be refused, while those of the others are served.
    void loop.ended.then(() => loop.failure && server.kill())
  }
  return server
}

/** Starts a loop for each listener. If one fails to start, all are ended. */
async function startLoops(
  shared: SharedData,
  descriptors: readonly number[],
  listeners: ServerSetup,
): Promise<readonly LastingLoop[]> {
  const loops = descriptors.map(
    (listener, index) => new LastingLoop({ shared, index, listener, listeners }),
  )
  await allReady(loops, () => tellAll(loops, 'kill'))
  return loops
}

function tellAll(loops: readonly LastingLoop[], command: Command): void {
  for (const loop of loops) loop.tell(command)
}
