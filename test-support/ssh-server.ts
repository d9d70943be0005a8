import { type ChildProcess, spawn } from 'node:child_process'
import { chmod, copyFile, mkdir, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually'
import { runProgram } from './run-program'
import { temporaryFolder } from './temporary-folder'

/** An OpenSSH server on loopback that the current user can log in to with a key. */
export interface SshServer {
  readonly process: ChildProcess
  /** The ssh command for a shell. The command to run there follows it. */
  readonly command: string
}

/** Starts sshd(8), which is gone when the test has finished. */
export async function sshServer(): Promise<SshServer> {
  const folder = await temporaryFolder()
  const hostKey = join(folder, 'host-key')
  const userKey = join(folder, 'user-key')
  for (const file of [hostKey, userKey]) {
    await runProgram('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
  }
  const authorizedKeys = join(folder, 'authorized-keys')
  await copyFile(`${userKey}.pub`, authorizedKeys)
  await chmod(authorizedKeys, 0o600)
  const config = join(folder, 'sshd.conf')
  const port = await freePort()
  const { username } = userInfo()
  await writeFile(
    config,
    `ListenAddress 127.0.0.1:${port}
HostKey ${hostKey}
AuthorizedKeysFile ${authorizedKeys}
AllowUsers ${username}
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
StrictModes no
UsePAM no
PidFile none
`,
  )
  // Created by Debian's service. sshd requires it when run as root.
  if (process.getuid?.() === 0) await mkdir('/run/sshd', { recursive: true, mode: 0o755 })
  // sshd executes itself for each connection, so it needs its absolute path.
  const child = spawn('sh', ['-c', `exec "$(command -v sshd)" -D -e -f '${config}'`], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  onTestFinished(() => void child.kill())
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text
  })
  await eventually(() => {
    if (!log.includes('Server listening')) throw new Error(`sshd does not listen: ${log}`)
  })
  const options = [
    '-F none',
    `-p ${port}`,
    `-i ${userKey}`,
    '-o BatchMode=yes',
    '-o StrictHostKeyChecking=no',
    '-o UserKnownHostsFile=/dev/null',
    '-o LogLevel=ERROR',
  ]
  return { process: child, command: `ssh ${options.join(' ')} ${username}@127.0.0.1` }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
