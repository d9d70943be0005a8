import { spawn } from 'node:child_process'

interface Conversation {
  readonly args: readonly string[]
  /** Typed once `typeAfter` has been printed. */
  readonly type: string
  readonly typeAfter: RegExp
  /** The client is ended once this has been printed; else it ends by itself. */
  readonly until: RegExp
}

/** Runs `openssl s_client` against a port of 127.0.0.1 and returns all it prints. */
export function opensslClient(port: number, conversation: Conversation): Promise<string> {
  const { args, type, typeAfter, until } = conversation
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', ['s_client', '-connect', `127.0.0.1:${port}`, ...args])
    let printed = ''
    let typed = false
    const onOutput = (chunk: Buffer): void => {
      printed += chunk.toString()
      if (!typed && typeAfter.test(printed)) {
        typed = true
        child.stdin.write(type)
      }
      if (until.test(printed)) child.kill()
    }
    child.stdout.on('data', onOutput)
    child.stderr.on('data', onOutput)
    child.stdin.on('error', () => {})
    child.on('error', reject)
    child.on('close', () => resolve(printed))
  })
}
