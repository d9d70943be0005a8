import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { loadConnectionFactory } from '@h2lab/mini-http2/server'
import { type HostedThread, hostThread, unpackSetup } from '@h2lab/mini-http2/server/thread'
import { NATIVE_ERRORS, sharedTlsContext, TlsObjects } from '@h2lab/tls-context/native'
import { AsyncLoop } from '../loop/async-loop'
import { ClientCount } from '../loop/client-count'
import { PollPoller } from '../poller/poll-poller'
import type { Poller } from '../poller/poller'
import { RecordedEpollPoller } from './recorded-epoll-poller'
import type { Command, ThreadData } from './thread-data'
import { ThreadDescriptors } from './thread-descriptors'

/** Descriptors of a loop in addition to its clients: the listener and Node's loop. */
const OTHER_DESCRIPTORS = 2

/** The main function of a worker thread: loads what it serves with, and serves until the server ends. */
export async function runThread(): Promise<void> {
  const host = hostThread<ThreadData, Command>(NATIVE_ERRORS)
  try {
    const loop = await loadLoop(host)
    // Commands arrive through Node's loop, whose descriptor wakes this one.
    host.onCommand((command) => loop[command]())
    // The application has ended the thread, by process.exit() or an error that nobody catches.
    process.once('exit', () => loop.abandonClients())
    loop.start()
    host.ready()
  } catch (error) {
    host.failed(error)
    process.exit()
  }
}

async function loadLoop(host: HostedThread<ThreadData, Command, never>): Promise<AsyncLoop> {
  const { data } = host
  const { listener, tls } = data
  const setup = unpackSetup(data.setup, tls?.options, host.listeners)
  const { limits, maxClients, onConnectionError } = setup
  const newConnection = await loadConnectionFactory(setup, {
    memoryUse: { cells: data.memoryUse, index: data.index },
  })
  const objects = new TlsObjects(data.tlsObjects)
  const context = tls && sharedTlsContext(tls, objects)
  const descriptors = new ThreadDescriptors(data.descriptors)
  return new AsyncLoop({
    listener,
    descriptors,
    poller: makePoller(data, descriptors),
    newConnection,
    gather: data.gather,
    tls: context,
    handshakeTimeout: limits.prefaceTimeout ?? DEFAULT_LIMITS.prefaceTimeout,
    maxClients,
    count: new ClientCount(data.clientCount, data.index, maxClients),
    onFault: onConnectionError,
    onClient: host.serving,
    onEnd() {
      context?.free()
      host.leaving()
      // Along with anything the application left running, such as timers.
      process.exit()
    },
  })
}

function makePoller({ poller, setup }: ThreadData, descriptors: ThreadDescriptors): Poller {
  switch (poller) {
    case 'epoll':
      return new RecordedEpollPoller(descriptors)
    case 'poll':
      return new PollPoller(setup.options.maxClients + OTHER_DESCRIPTORS)
  }
}
