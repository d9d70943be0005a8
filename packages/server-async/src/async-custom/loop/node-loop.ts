import { bindLazily } from '@h2lab/tls-context/native'

/**
 * The longest wait of a turn if Node's loop can't be queried, in milliseconds. Timers and promises may be this late.
 */
const LONGEST_BLIND_WAIT = 5

/** Access to the libuv event loop of this thread. */
export interface NodeLoop {
  /** Becomes readable when libuv has work (uv_backend_fd). Undefined if it can't be queried. */
  readonly descriptor: number | undefined
  /**
   * How long the thread may stay away from Node's loop, in milliseconds: until its next timer, 0 if it has work now,
   * negative for no limit.
   */
  timeout(): number
  /**
   * Runs pending callbacks of promises and of process.nextTick(). Undefined if only a turn of Node's loop can do so.
   */
  readonly runTicks: (() => void) | undefined
}

/** The mangled C++ names of `v8::Isolate::GetCurrent` and `node::GetCurrentEventLoop`. */
const GET_CURRENT_ISOLATE = '_ZN2v87Isolate10GetCurrentEv'
const GET_CURRENT_EVENT_LOOP = '_ZN4node19GetCurrentEventLoopEPN2v87IsolateE'

const node = bindLazily({
  [GET_CURRENT_ISOLATE]: ['void *'],
  [GET_CURRENT_EVENT_LOOP]: ['void *', 'void *'],
  uv_backend_fd: ['int', 'void *'],
  uv_backend_timeout: ['int', 'void *'],
})

/** Finds the loop of this thread through functions that Node exports for embedders. */
export function findNodeLoop(): NodeLoop {
  try {
    const {
      [GET_CURRENT_ISOLATE]: currentIsolate,
      [GET_CURRENT_EVENT_LOOP]: currentLoop,
      uv_backend_fd: backendDescriptor,
      uv_backend_timeout: backendTimeout,
    } = node()
    const loop = currentLoop(currentIsolate())
    return {
      descriptor: backendDescriptor(loop),
      timeout: () => backendTimeout(loop),
      // Node calls it between two immediates.
      runTicks: (process as { _tickCallback?: () => void })._tickCallback,
    }
  } catch {
    return { descriptor: undefined, timeout: () => LONGEST_BLIND_WAIT, runTicks: undefined }
  }
}
