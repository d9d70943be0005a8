import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the suite once, before all tests: its helpers are processes of their own. */
export default function build(): void {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync(`${root}node_modules/.bin/tsup`, ['--config', 'attack/tsup.config.ts', '--silent'], {
    cwd: root,
  })
}
