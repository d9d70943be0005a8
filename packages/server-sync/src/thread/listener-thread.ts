import { ServerControl } from '../control/server-control'
import { hostLoop } from '../loop/run-thread'
import { handOutClients } from './listener-loop'

// Runs in the worker thread that accepts the clients of the dispatch method `thread`.
const { data, listeners, ready, tell } = hostLoop()
ready()
handOutClients({
  listener: data.loop.listener,
  control: new ServerControl(data.loop),
  onFault: listeners.onConnectionError,
  onThreadWanted: (slot) => tell({ kind: 'thread-wanted', slot }),
})
