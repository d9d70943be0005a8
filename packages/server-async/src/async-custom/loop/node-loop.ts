import { bindLazily } from '@h2lab/tls-context/native'

/**
 * How long a turn waits at most where Node's loop can't be asked, in milliseconds: as late timers and
 * promises then are.
 */
const LONGEST_BLIND_WAIT = 5

/** What Node's own event loop, of libuv, has to do in this thread. */
export interface NodeLoop {
  /** Becomes readable when libuv has something to do: uv_backend_fd. Undefined if it can't be asked. */
  readonly descriptor: number | undefined
  /**
   * How long the thread may be kept from Node's loop, in milliseconds: until its next timer;
   * 0 if it has work now; negative for no limit.
   */
  timeout(): number
  /**
   * Runs the callbacks of promises and of process.nextTick() that wait. Undefined if only Node's own turn
   * can.
   */
  readonly runTicks: (() => void) | undefined
}

/** `v8::Isolate::GetCurrent` and `node::GetCurrentEventLoop`, by their names of the C++ ABI. */
const GET_CURRENT_ISOLATE = '_ZN2v87Isolate10GetCurrentEv'
const GET_CURRENT_EVENT_LOOP = '_ZN4node19GetCurrentEventLoopEPN2v87IsolateE'

const node = bindLazily({
  [GET_CURRENT_ISOLATE]: ['void *'],
  [GET_CURRENT_EVENT_LOOP]: ['void *', 'void *'],
  uv_backend_fd: ['int', 'void *'],
  uv_backend_timeout: ['int', 'void *'],
})

/** Finds the loop of this thread, by what Node exports for those who embed it. */
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
      // What Node itself calls between two immediates.
      runTicks: (process as { _tickCallback?: () => void })._tickCallback,
    }
  } catch {
    return { descriptor: undefined, timeout: () => LONGEST_BLIND_WAIT, runTicks: undefined }
  }
}
