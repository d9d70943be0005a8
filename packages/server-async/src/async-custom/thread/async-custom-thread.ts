import { workerData } from 'node:worker_threads'
import { runThread } from './run-thread'
import type { ThreadData } from './thread-data'

// Runs in each worker thread of the dispatch method `async-custom`.
void runThread(workerData as ThreadData)
