import { ServerControl } from '../control/server-control'
import { hostLoop } from '../loop/run-thread'
import { runInTurns } from '../loop/turns'
import { handOutClients } from './listener-loop'

// Runs in the worker thread that accepts the clients of the dispatch method `thread`.
const { data, listeners, ready, serving, tell, leaving, failed } = hostLoop()
const steps = handOutClients({
  listener: data.loop.listener,
  control: new ServerControl(data.loop),
  onFault: listeners.onConnectionError,
  onThreadWanted(slot) {
    serving()
    tell({ kind: 'thread-wanted', slot })
  },
})
ready()
runInTurns(steps).then(leaving, failed)
