import { createRequire } from 'node:module'

/** The address of a C object. */
type Pointer = bigint

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
   * Hot path. How long the thread may be kept from Node's loop, in milliseconds: until its next timer;
   * 0 if it has work now; negative for no limit.
   */
  timeout(): number
  /**
   * Hot path. Runs the callbacks of promises and of process.nextTick() that wait. Undefined if only Node's own turn
   * can.
   */
  readonly runTicks: (() => void) | undefined
}

/**
 * Finds the loop of this thread: by `node::GetCurrentEventLoop`, which Node exports for those who embed
 * it, and which takes what `v8::Isolate::GetCurrent` returns. Their names are those of the C++ ABI.
 */
export function findNodeLoop(): NodeLoop {
  const koffi = createRequire(import.meta.url)('koffi') as typeof import('koffi')
  try {
    const node = koffi.load(null)
    const currentIsolate = node.func('_ZN2v87Isolate10GetCurrentEv', 'void *', [])
    const name = '_ZN4node19GetCurrentEventLoopEPN2v87IsolateE'
    const currentLoop = node.func(name, 'void *', ['void *'])
    const loop = currentLoop(currentIsolate()) as Pointer
    const backendTimeout = node.func('uv_backend_timeout', 'int', ['void *'])
    return {
      descriptor: node.func('uv_backend_fd', 'int', ['void *'])(loop) as number,
      timeout: () => backendTimeout(loop) as number,
      // What Node itself calls between two immediates.
      runTicks: (process as { _tickCallback?: () => void })._tickCallback,
    }
  } catch {
    return { descriptor: undefined, timeout: () => LONGEST_BLIND_WAIT, runTicks: undefined }
  }
}
