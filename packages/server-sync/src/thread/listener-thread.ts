import { ServerControl } from '../control/server-control'
import { threadContext } from '../loop/run-thread'
import { handOutClients } from './listener-loop'

// Runs in the worker thread that accepts the clients of the dispatch method `thread`.
const { data, reporter, report } = threadContext()
report({ kind: 'ready' })
handOutClients({
  listener: data.listener,
  control: new ServerControl(data),
  onFault: reporter.onFault,
  onThreadWanted: (slot) => report({ kind: 'thread-wanted', slot }),
})
