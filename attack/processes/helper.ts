import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { FromHelper, Helpers, ToHelper } from './messages'

/** How long a helper may take to start or to answer, in milliseconds: a thousand handshakes take a while. */
const ANSWER_TIME = 60_000

/** A helper's process, as the measuring process sees it. */
export class Helper<Name extends keyof Helpers> {
  readonly #name: Name
  readonly #child: ChildProcess

  private constructor(name: Name, child: ChildProcess) {
    this.#name = name
    this.#child = child
  }

  /** Starts one, which is ready then. @throws Error with what it says, or if it takes too long */
  static async start<Name extends keyof Helpers>(
    name: Name,
    setup: Helpers[Name]['setup'],
  ): Promise<Helper<Name>> {
    const script = fileURLToPath(new URL(`${name}.js`, import.meta.url))
    const child = fork(script, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    // What can't be sent to a process that ends shows in its end.
    child.on('error', () => {})
    const helper = new Helper(name, child)
    try {
      const ready = helper.#answer('ready')
      helper.#tell({ type: 'start', setup })
      await ready
      return helper
    } catch (error) {
      await helper.stop()
      throw error
    }
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  begin(): void {
    this.#tell({ type: 'begin' })
  }

  calm(): void {
    this.#tell({ type: 'calm' })
  }

  /** Resolves when all its connections have been opened or refused. */
  async ramped(): Promise<void> {
    await this.#answer('ramped')
  }

  async report(): Promise<Helpers[Name]['report']> {
    const answer = this.#answer('report')
    this.#tell({ type: 'report' })
    return (await answer).report
  }

  /** Ends it, with all its connections. */
  async stop(): Promise<void> {
    const { exitCode, signalCode } = this.#child
    if (exitCode !== null || signalCode !== null || this.#child.pid === undefined) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }

  #tell(message: ToHelper<Helpers[Name]['setup']>): void {
    this.#child.send(message)
  }

  #answer<Type extends FromHelper<unknown>['type']>(
    type: Type,
  ): Promise<Extract<FromHelper<Helpers[Name]['report']>, { type: Type }>> {
    return new Promise((resolve, reject) => {
      const fail = (reason: string) => {
        finish()
        reject(new Error(`The ${this.#name} ${reason}.`))
      }
      const onMessage = (message: FromHelper<Helpers[Name]['report']>) => {
        if (message.type === 'failed') fail(`failed: ${message.message}`)
        if (message.type !== type) return
        finish()
        resolve(message as Extract<FromHelper<Helpers[Name]['report']>, { type: Type }>)
      }
      const onExit = () => fail('has ended')
      const timer = setTimeout(() => fail(`did not answer within ${ANSWER_TIME} ms`), ANSWER_TIME)
      const finish = () => {
        clearTimeout(timer)
        this.#child.off('message', onMessage)
        this.#child.off('exit', onExit)
      }
      this.#child.on('message', onMessage)
      this.#child.once('exit', onExit)
    })
  }
}
