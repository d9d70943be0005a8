import { type ChildProcess, execFile, type SpawnOptions, spawn } from 'node:child_process'

/** The running programs. None of them may outlive this process. */
const running = new Set<ChildProcess>()

process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/**
 * Starts a program that ends with this process. With setpriv(1), the kernel ensures this even if this process is
 * killed with SIGKILL.
 */
export async function startTied(
  program: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Promise<ChildProcess> {
  const [command, ...prefix] = [...(await tyingCommand()), program]
  const child = spawn(command!, [...prefix, ...args], options)
  running.add(child)
  child.once('close', () => running.delete(child))
  child.once('error', () => running.delete(child))
  return child
}

let tying: Promise<readonly string[]> | undefined

function tyingCommand(): Promise<readonly string[]> {
  const command = ['setpriv', '--pdeathsig', 'KILL']
  tying ??= new Promise((resolve) => {
    execFile(command[0]!, [...command.slice(1), 'true'], (error) => {
      resolve(error === null ? command : [])
    })
  })
  return tying
}
