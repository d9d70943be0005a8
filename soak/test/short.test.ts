import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, onTestFinished, test } from 'vitest'
import { SERVERS_BY_DEFAULT } from '../servers/soaked-server'

const COMMAND = fileURLToPath(new URL('../dist/soak.js', import.meta.url))

test('the servers keep all promises for a short time', async () => {
  const child = spawn(process.execPath, [COMMAND, '--short'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  onTestFinished(() => void child.kill('SIGTERM'))
  let printed = ''
  child.stdout.on('data', (text: Buffer) => {
    printed += text.toString()
  })
  const [code] = (await once(child, 'close')) as [number | null]
  // The series tell what happened if it fails.
  expect(printed).not.toContain('BROKEN')
  for (const name of SERVERS_BY_DEFAULT) expect(printed).toContain(`${name}: kept all promises`)
  expect(code).toBe(0)
})
