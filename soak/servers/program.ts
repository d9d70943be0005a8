import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** How long a server may take to start, in milliseconds. */
const START_TIME = 60_000
/** How long it may take to end after SIGTERM; then it is killed. `h2lab serve` gives its clients a second. */
const END_TIME = 15_000

/** A server in a process of its own. */
export interface Program {
  readonly url: URL
  readonly pid: number
  /** The last that it printed. */
  said(): string
  /** How it has ended; undefined while it lives. */
  end(): string | undefined
  /** Sends SIGTERM. @returns how it has ended */
  terminate(): Promise<string>
  kill(): void
}

/** How a program ends that was told to. */
export const CLEAN_END = 'exit code 0'

/** Servers under way: none of them outlives this process. */
const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a Node.js program that says `listening on URL`.
 *
 * @throws Error with what it said if it ends or takes too long
 */
export async function startProgram(script: string, args: readonly string[]): Promise<Program> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let words = ''
  const listening = new Promise<URL>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${script} does not listen`)), START_TIME)
    const hear = (text: Buffer) => {
      words = (words + text.toString()).slice(-10_000)
      const url = /listening on (\S+)\n/.exec(words)?.[1]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(new URL(url))
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`${script} has ended: ${words}`)))
  })
  try {
    const url = await listening
    return {
      url,
      pid: child.pid!,
      said: () => words,
      end: () => endOf(child),
      terminate: () => terminate(child),
      kill: () => void child.kill('SIGKILL'),
    }
  } catch (error) {
    child.kill('SIGKILL')
    throw error
  }
}

async function terminate(child: ChildProcess): Promise<string> {
  if (endOf(child) === undefined) {
    const exit = once(child, 'exit')
    child.kill('SIGTERM')
    const kill = setTimeout(() => child.kill('SIGKILL'), END_TIME)
    await exit
    clearTimeout(kill)
  }
  return endOf(child)!
}

function endOf({ exitCode, signalCode }: ChildProcess): string | undefined {
  if (exitCode !== null) return `exit code ${exitCode}`
  return signalCode === null ? undefined : `signal ${signalCode}`
}
