import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'
import { eventually } from '../../../../test-support/eventually'

/** The built command's file. */
export const H2LAB_COMMAND = fileURLToPath(new URL('../../bin/h2lab.js', import.meta.url))

/** What a finished h2lab has left. */
export interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** The command h2lab, under way. */
export interface RunningH2lab {
  readonly process: ChildProcess
  readonly pid: number
  readonly stdout: string
  readonly stderr: string
  readonly ended: Promise<Ended>
  /** Waits until the text has been printed on either output. */
  printed(text: string | RegExp): Promise<void>
}

/**
 * Starts the built command; whatever happens it is gone when the test has finished. Tests run at the same time,
 * so a run goes on beside others.
 */
export function startH2lab(
  args: readonly string[],
  cwd?: string,
  output: 'pipe' | number = 'pipe',
): RunningH2lab {
  const force = args[0] === 'run' ? ['--force'] : []
  return startAlone([...args, ...force], cwd, output)
}

/** The same, but a run refuses if another one is under way. */
export function startAlone(
  args: readonly string[],
  cwd?: string,
  output: 'pipe' | number = 'pipe',
): RunningH2lab {
  const child = spawn(process.execPath, [H2LAB_COMMAND, ...args], {
    cwd,
    stdio: ['ignore', output, 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const texts = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (text: Buffer) => {
      texts[name] += text.toString()
    })
  }
  return {
    process: child,
    pid: child.pid!,
    get stdout() {
      return texts.stdout
    },
    get stderr() {
      return texts.stderr
    },
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, ...texts })),
    printed: (text) =>
      eventually(() => {
        const all = texts.stdout + texts.stderr
        if (typeof text === 'string' ? !all.includes(text) : !text.test(all)) {
          throw new Error(`h2lab has not printed ${text}, but: ${all}`)
        }
      }),
  }
}

/** Runs the built command to its end. */
export function h2lab(args: readonly string[], cwd?: string): Promise<Ended> {
  return startH2lab(args, cwd).ended
}

/** Runs the built command with a file as its standard output; what goes there isn't returned. */
export async function h2labInto(file: string, args: readonly string[]): Promise<Ended> {
  const output = await open(file, 'w')
  try {
    return await startH2lab(args, undefined, output.fd).ended
  } finally {
    await output.close()
  }
}
