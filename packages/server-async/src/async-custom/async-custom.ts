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
import { type LoopThread, startLoopThread } from './thread/loop-thread'
import { type Command, type LoopOptions, type SharedData, toSharedData } from './thread/thread-data'

/** How {@link makeAsyncCustom} serves. */
export interface AsyncCustomOptions {
  /**
   * How many threads, each with a loop of its own. Default 1. With more, the system shares the clients
   * out among them (SO_REUSEPORT), so that none of them has to hand clients over.
   */
  readonly threads?: number | undefined
  /**
   * How a loop waits. Default `epoll`, whose cost doesn't grow with clients that do nothing; `poll`, to
   * compare with.
   */
  readonly poller?: PollerName | undefined
  /**
   * Whether a loop that has few of its many clients to serve waits a tenth of a millisecond for more of them, which
   * spares CPU: see the README. Default true. It doesn't for clients that ask more than a thousand times a
   * second, nor for fewer than 24.
   */
  readonly gather?: boolean | undefined
}

const OPTIONS: OptionNamesOf<AsyncCustomOptions> = { threads: true, poller: true, gather: true }

/** More threads than any machine has use for: a typing error rather than a wish. */
const MOST_THREADS = 1024

/**
 * Makes the dispatch method `async-custom` with options of its own.
 *
 * @throws ServerSetupError `INVALID_OPTION` if one does not exist or its value can't be
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
 * The dispatch method `async-custom`: a loop of our own over raw descriptors, with OpenSSL driven by hand, in a
 * worker thread.
 */
export const asyncCustom: DispatchMethod<ProtocolName, 'modules'> = makeAsyncCustom()

async function start(
  setup: ServerSetup,
  threads: number,
  options: LoopOptions,
): Promise<StartedServer> {
  const shared = await toSharedData(setup, options)
  const { descriptors, port } = await openServerListeners(setup, threads)
  const running = await startThreads(shared, descriptors, setup)
  return threadedServer(port, {
    drain: () => tellAll(running, 'drain'),
    kill: () => tellAll(running, 'kill'),
    terminate() {
      for (const thread of running) thread.terminate()
    },
    ended: Promise.all(running.map(({ ended }) => ended)).then(() => {}),
  })
}

/** Starts a thread for each listener. If one can't serve, nothing is left. */
async function startThreads(
  shared: SharedData,
  listeners: readonly number[],
  setup: ServerSetup,
): Promise<readonly LoopThread[]> {
  const threads = listeners.map((listener) => startLoopThread(shared, listener, setup))
  await allReady(threads, () => tellAll(threads, 'kill'))
  return threads
}

function tellAll(threads: readonly LoopThread[], command: Command): void {
  for (const thread of threads) thread.tell(command)
}
