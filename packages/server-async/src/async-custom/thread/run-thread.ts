import { DEFAULT_LIMITS } from '@h2lab/mini-http2'
import { loadConnectionFactory, type ServerSetup } from '@h2lab/mini-http2/server'
import { NativeTlsContext } from '@h2lab/tls-context/native'
import { AsyncLoop } from '../loop/async-loop'
import { ClientCount } from '../loop/client-count'
import { EpollPoller } from '../poller/epoll-poller'
import { PollPoller } from '../poller/poll-poller'
import type { Poller } from '../poller/poller'
import { packError } from './error-transfer'
import { type Report, reportingListeners } from './reports'
import { type Command, type ThreadData, unpackApplication } from './thread-data'
import { ThreadDescriptors } from './thread-descriptors'

/** Descriptors of a loop besides those of its clients: its listener, and Node's own loop. */
const OTHER_DESCRIPTORS = 2

/** The life of a worker thread: loads what clients are served with, and serves until the server ends. */
export async function runThread(data: ThreadData): Promise<void> {
  const { port } = data
  const report = (what: Report) => port.postMessage(what)
  let exiting = false
  try {
    const loop = await loadLoop(data, () => {
      if (!exiting) process.exit()
    })
    // The commands come through Node's own loop, whose descriptor wakes ours.
    port.on('message', (command: Command) => loop[command]())
    // A handler may have thrown where nobody catches it: what OpenSSL holds outlives a thread.
    process.once('exit', () => {
      exiting = true
      loop.kill()
    })
    loop.start()
    report({ kind: 'ready' })
  } catch (error) {
    report({ kind: 'failed', error: packError(error) })
    process.exit()
  }
}

/** @param onEnd the thread has nothing more to do; what the application has left behind, as timers, ends too */
async function loadLoop(data: ThreadData, onEnd: () => void): Promise<AsyncLoop> {
  const { listener, port, tls } = data
  const { onConnectionError, onHandlerError } = reportingListeners(port)
  const setup: ServerSetup = {
    ...data.setup,
    app: unpackApplication(data.app),
    tls: undefined,
    onConnectionError,
    onHandlerError,
  }
  const newConnection = await loadConnectionFactory(setup)
  const context = tls && new NativeTlsContext({ ...tls.credentials, ticketKeys: tls.ticketKeys })
  return new AsyncLoop({
    listener,
    descriptors: new ThreadDescriptors(data.descriptors),
    poller: makePoller(data),
    newConnection,
    tls: context,
    handshakeTimeout: setup.limits.prefaceTimeout ?? DEFAULT_LIMITS.prefaceTimeout,
    maxClients: setup.maxClients,
    count: new ClientCount(data.clientCount, setup.maxClients),
    onFault: onConnectionError,
    onEnd() {
      context?.free()
      onEnd()
    },
  })
}

function makePoller({ poller, setup }: ThreadData): Poller {
  switch (poller) {
    case 'epoll':
      return new EpollPoller()
    case 'poll':
      return new PollPoller(setup.maxClients + OTHER_DESCRIPTORS)
  }
}
