import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { MeasureError, type MeasureErrorCode } from '../../errors'
import { listensOn } from '../../processes/listens-on'
import { usageOfTree } from '../../processes/process-tree'
import { startTied } from '../../processes/tied-program'
import type { ResourceUsage } from '../../server-process/messages'
import { HOST } from './external-program'

/** How long a program may take to listen, in milliseconds. */
const START_TIME = 20_000

/** How often this is checked, in milliseconds. */
const LOOK_INTERVAL = 20

/** How long its last output may take to arrive after its end, in milliseconds. */
const WORDS_TIME = 200

/** A running server program and its output. */
export class ProgramProcess {
  readonly #name: string
  readonly #child: ChildProcess
  /** Why it could not be started. */
  #fault: Error | undefined
  /** The end of its output. A server that logs every request must not fill the memory. */
  #words = ''

  private constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.#child = child
    child.once('error', (error) => {
      this.#fault = error
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (text: Buffer) => {
        this.#words = (this.#words + text.toString()).slice(-4000)
      })
    }
  }

  /** Starts it as the leader of a new process group, which Ctrl-C does not reach. */
  static async start(
    name: string,
    [file, ...args]: readonly [string, ...string[]],
  ): Promise<ProgramProcess> {
    const child = await startTied(file, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    return new ProgramProcess(name, child)
  }

  /** Undefined if it could not be started. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /**
   * Waits until it accepts clients.
   *
   * @throws MeasureError `SERVER_FAILED` if it ends first; `TIMED_OUT` if it takes too long
   */
  async listening(port: number): Promise<void> {
    const deadline = performance.now() + START_TIME
    while (!(await this.#listensOn(port))) {
      await this.#failIfEnded()
      if (performance.now() > deadline) {
        const what = `does not listen on ${HOST}:${port} after ${START_TIME} ms`
        throw await this.#failure(what, 'TIMED_OUT')
      }
      await delay(LOOK_INTERVAL)
    }
  }

  /** @throws MeasureError `SERVER_FAILED` if it has ended */
  async usage(): Promise<ResourceUsage | undefined> {
    await this.#failIfEnded()
    return usageOfTree(this.#child.pid!)
  }

  /** Another process may have taken the port in the meantime, so check who listens. */
  async #listensOn(port: number): Promise<boolean> {
    const { pid } = this.#child
    if (pid === undefined) return false
    return listensOn(pid, port) ?? (await accepts(port))
  }

  async #failIfEnded(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#child
    if (pid === undefined) throw await this.#failure('could not be started')
    if (exitCode === null && signalCode === null) return
    throw await this.#failure(`has ended (${signalCode ?? `exit code ${exitCode}`})`)
  }

  async #failure(what: string, code: MeasureErrorCode = 'SERVER_FAILED'): Promise<MeasureError> {
    await Promise.race([once(this.#child, 'close'), delay(WORDS_TIME)])
    const said = this.#fault?.message ?? (this.#words.trim() || 'it said nothing')
    return new MeasureError(code, `${this.#name} ${what}: ${said}`)
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST)
    const answer = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
  })
}
