import { type ChildProcess, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { MeasureError } from '../../errors'
import type { Revision } from './git'

/** The last part of a program's output, which contains the reason. */
const MOST_OUTPUT = 4000

const IS_WINDOWS = process.platform === 'win32'

/**
 * Installs the locked dependencies of a revision and builds it, with the version of the package manager named in its
 * package.json.
 *
 * @param folder the files of the revision
 * @throws MeasureError `REVISION_FAILED` with the program's output
 */
export async function buildRevision(
  folder: string,
  revision: Revision,
  signal: AbortSignal,
): Promise<void> {
  const packageManager = await packageManagerOf(folder, revision)
  const run = (...args: string[]) =>
    runProgram('npx', ['--yes', packageManager, ...args], { folder, revision, signal })
  await run('install', '--frozen-lockfile', '--prefer-offline', '--reporter=append-only')
  await run('run', 'build')
}

async function packageManagerOf(folder: string, revision: Revision): Promise<string> {
  const file = join(folder, 'package.json')
  try {
    const { packageManager } = JSON.parse(await readFile(file, 'utf8')) as {
      readonly packageManager?: unknown
    }
    if (typeof packageManager === 'string') return packageManager
  } catch (cause) {
    throw failed(revision, 'it has no package.json that can be read', cause)
  }
  throw failed(revision, 'its package.json names no packageManager')
}

interface ProgramOptions {
  readonly folder: string
  readonly revision: Revision
  readonly signal: AbortSignal
}

function runProgram(
  program: string,
  args: readonly string[],
  { folder, revision, signal }: ProgramOptions,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'pipe'],
      // Its own process group, so that everything it starts ends with it.
      detached: !IS_WINDOWS,
      // Windows finds npx as a .cmd file only through a shell.
      shell: IS_WINDOWS,
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1' },
    })
    const end = () => endGroup(child)
    signal.addEventListener('abort', end)
    process.on('exit', end)
    if (signal.aborted) end()
    let output = ''
    const keep = (text: Buffer) => {
      output = (output + text.toString()).slice(-MOST_OUTPUT)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    const command = `${program} ${args.join(' ')}`
    child.on('error', (cause) => {
      reject(failed(revision, `${command} could not be run: ${cause.message}`, cause))
    })
    child.on('close', (code, ended) => {
      signal.removeEventListener('abort', end)
      process.off('exit', end)
      if (signal.aborted) reject(failed(revision, `${command} was interrupted`))
      else if (code === 0) resolve()
      else reject(failed(revision, `${command} ended with ${ended ?? code}:\n${output.trim()}`))
    })
  })
}

function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return
  try {
    process.kill(IS_WINDOWS ? pid : -pid, 'SIGTERM')
  } catch {
    // It has already ended.
  }
}

function failed({ name, commit }: Revision, reason: string, cause?: unknown): MeasureError {
  const message = `The revision ${name} (${commit.slice(0, 12)}) can't be built: ${reason}.`
  return new MeasureError('REVISION_FAILED', message, { cause })
}
