import { runThread } from './run-thread'

// Runs in each worker thread of the dispatch method `async-custom`.
void runThread()
