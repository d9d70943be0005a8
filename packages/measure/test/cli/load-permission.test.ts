import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../../../test-support/run-program'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { H2LAB_COMMAND } from '../support/h2lab'
import { recordingServer } from '../support/recording-server'

/** An address of this machine that others reach, too. */
const address = Object.values(networkInterfaces())
  .flatMap((one) => one ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address

const WORKER = `${process.execPath} ${H2LAB_COMMAND} load --worker`

/** Runs h2lab load with a folder of configuration. */
async function load(folder: string, ...args: string[]) {
  return runProgram(process.execPath, [H2LAB_COMMAND, 'load', ...args, '-n', '1'], {
    env: { XDG_CONFIG_HOME: folder },
  })
}

describe.runIf(address !== undefined)('a server that is not on loopback', () => {
  const serverHere = () => recordingServer({ host: address! })

  test('is refused, and not even connected to', async () => {
    const server = await serverHere()
    const { code, stderr } = await load(await temporaryFolder(), server.origin)
    expect(stderr).toContain(`${address} is not a loopback address`)
    expect(server.connections).toBe(0)
    expect(code).toBe(2)
  })

  test('is loaded if the user says that it is theirs', async () => {
    const { origin, requests } = await serverHere()
    const { code } = await load(await temporaryFolder(), origin, '--i-own-this-target')
    expect(requests).toHaveLength(1)
    expect(code).toBe(0)
  })

  test('is loaded if it is listed, by workers as well', async () => {
    const { origin, requests } = await serverHere()
    const folder = await temporaryFolder()
    await mkdir(join(folder, 'h2lab'))
    await writeFile(join(folder, 'h2lab', 'hosts'), `${address}\n`)
    expect((await load(folder, origin)).code).toBe(0)
    const workers = ['--workers', 'env', '--worker-command', WORKER]
    expect((await load(folder, origin, ...workers)).code).toBe(0)
    expect(requests).toHaveLength(2)
  })

  test('is refused by a worker that has not been told so', async () => {
    const folder = await temporaryFolder()
    const forgetful = join(folder, 'forgetful')
    await writeFile(forgetful, `#!/bin/sh\nexec ${WORKER}\n`)
    await chmod(forgetful, 0o755)
    const server = await serverHere()
    const args = ['--workers', forgetful, '--i-own-this-target']
    const { code, stderr } = await load(folder, server.origin, ...args)
    expect(stderr).toContain(`${forgetful}: ${address} is not a loopback address`)
    expect(server.connections).toBe(0)
    expect(code).toBe(2)
  })
})
