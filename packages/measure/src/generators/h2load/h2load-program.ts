import { type ChildProcess, execFile } from 'node:child_process'
import { MeasureError } from '../../errors'
import { pinned } from '../../machine/cpus'
import { startTied } from '../../processes/tied-program'
import type { Availability } from '../load-generator'

/** An h2load that can be run, here or on another machine. */
export interface H2loadProgram {
  /** Its name in messages. */
  readonly name: string
  /** Whether it is a process of this machine, which can be monitored. */
  readonly place: 'here' | 'elsewhere'
  readonly availability: () => Promise<Availability>
  /** Starts it, on the given CPUs if it runs here. It ends with this process. */
  readonly start: (args: readonly string[], cpus?: readonly number[]) => Promise<ChildProcess>
}

/** The h2load on PATH. */
export const H2LOAD_ON_PATH: H2loadProgram = {
  name: 'h2load',
  place: 'here',
  async availability() {
    const asked = await askVersion('h2load', [])
    return asked.state === 'told'
      ? { state: 'available', version: asked.version }
      : { state: 'unavailable', reason: 'h2load is not on PATH (Debian: nghttp2-client)' }
  },
  start(args, cpus) {
    const [program, ...words] = pinned(['h2load', ...args], cpus)
    return startTied(program, words)
  },
}

/**
 * An h2load that is run by a command.
 *
 * @throws MeasureError `USAGE` if the command is empty
 */
export function h2loadByCommand(command: string): H2loadProgram {
  const name = command.trim()
  if (name === '') {
    throw new MeasureError('USAGE', 'A generator needs a command, such as: ssh box h2load')
  }
  // The shell splits the command and replaces itself by it.
  const shell = ['-c', `exec ${name} "$@"`, 'sh']
  return {
    name,
    place: 'elsewhere',
    async availability() {
      const asked = await askVersion('sh', shell)
      return asked.state === 'told'
        ? { state: 'available', version: `${asked.version} (${name})` }
        : { state: 'unavailable', reason: `"${name} --version" ${asked.reason}` }
    },
    start: (args) => startTied('sh', [...shell, ...args]),
  }
}

/** How long h2load may take to print its version, in milliseconds. It may run over ssh. */
const VERSION_TIME = 15_000

type AskedVersion =
  | { readonly state: 'told'; readonly version: string }
  | { readonly state: 'untold'; readonly reason: string }

function askVersion(program: string, args: readonly string[]): Promise<AskedVersion> {
  return new Promise((resolve) => {
    const options = { timeout: VERSION_TIME, killSignal: 'SIGKILL' } as const
    execFile(program, [...args, '--version'], options, (error, stdout, stderr) => {
      const version = /nghttp2\/(\S+)/.exec(stdout)?.[1]
      if (error === null && version !== undefined) resolve({ state: 'told', version })
      else resolve({ state: 'untold', reason: reasonOf(error?.code, stdout + stderr) })
    })
  })
}

function reasonOf(code: unknown, output: string): string {
  const said = output.trim().slice(-300) || '(nothing)'
  if (code === undefined) return `printed no version of nghttp2, but: ${said}`
  if (code === null) return `did not end within ${VERSION_TIME} ms; it printed: ${said}`
  return `ended (exit code ${code}): ${said}`
}
