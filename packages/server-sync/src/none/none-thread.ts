import { runThread } from '../loop/run-thread'
import { serveOneAfterTheOther } from './none-loop'

// Runs in a worker thread of the dispatch method `none`.
void runThread((loop, { data, ready, serving }) => {
  ready()
  return serveOneAfterTheOther(data.loop.listener, loop, serving)
})
