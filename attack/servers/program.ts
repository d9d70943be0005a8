import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import type { RunningServer } from './server'

/** How long a server may take to start, in milliseconds. */
const START_TIME = 20_000
/** How long it may take to end when it is told to; then it is killed. */
const END_TIME = 1500

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
export async function startProgram(
  script: string,
  args: readonly string[],
): Promise<RunningServer> {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  running.add(child)
  child.once('exit', () => running.delete(child))
  let words = ''
  let url: string | undefined
  const listening = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${script} does not listen`)), START_TIME)
    const settle = (act: () => void) => {
      clearTimeout(timer)
      act()
    }
    // What it says for each fault is read, so that it never waits, and only the last of it is kept.
    const hear = (text: Buffer) => {
      words = (words + text.toString()).slice(-2000)
      url ??= /listening on (\S+)\n/.exec(words)?.[1]
      if (url !== undefined) settle(resolve)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('error', (error) => settle(() => reject(error)))
    child.once('exit', () => settle(() => reject(new Error(`${script} has ended: ${words}`))))
  })
  try {
    await listening
  } catch (error) {
    await end(child)
    throw error
  }
  return { url: url!, pid: child.pid, said: () => words, stop: () => end(child) }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const kill = setTimeout(() => child.kill('SIGKILL'), END_TIME)
  await exit
  clearTimeout(kill)
}
