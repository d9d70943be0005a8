import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Builds the command once, before all tests. */
export default function build(): void {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  execFileSync(`${root}node_modules/.bin/tsup`, ['--config', 'soak/tsup.config.ts', '--silent'], {
    cwd: root,
  })
}
