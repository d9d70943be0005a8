import { runThread } from '../loop/run-thread'
import { serveSlot } from './client-loop'

// Runs in a worker thread that serves clients of the dispatch method `thread`.
void runThread((loop, { slot, report }) => {
  serveSlot(loop.control.slots[slot]!, loop, () => report({ kind: 'ready' }))
})
