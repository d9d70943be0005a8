import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a program in the root with its output shown, and ends this process if it fails.
 *
 * @param {string} program
 * @param {readonly string[]} args
 */
export function run(program, args) {
  const status = tryToRun(program, args)
  if (status !== 0) process.exit(status)
}

/**
 * Runs a program in the root with its output shown.
 *
 * @param {string} program
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env] added to the environment
 * @returns {number} its exit status
 */
export function tryToRun(program, args, env = {}) {
  const { status, error } = spawnSync(program, args, {
    cwd: root,
    stdio: 'inherit',
    // Windows finds npx and turbo as .cmd files only through a shell.
    shell: process.platform === 'win32',
    env: {
      ...process.env,
      PATH: join(root, 'node_modules', '.bin') + delimiter + process.env.PATH,
      // No telemetry while measuring.
      TURBO_TELEMETRY_DISABLED: '1',
      ...env,
    },
  })
  if (error) console.error(`${program} could not be started: ${error.message}`)
  return status ?? 1
}

/** Installs the locked dependencies with the pinned pnpm, through npx. */
export function install() {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  run('npx', ['--yes', packageManager, 'install', '--frozen-lockfile', '--reporter=append-only'])
}
