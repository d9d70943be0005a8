import { runThread } from '../loop/run-thread'
import { serveSlot } from './client-loop'

// Runs in a worker thread that serves clients of the dispatch method `thread`.
void runThread(function* (loop, { data, ready, tell }) {
  try {
    yield* serveSlot(loop.control.slots[data.slot]!, loop, ready)
  } finally {
    tell({ kind: 'slot-left' })
  }
})
