import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Waits for the end of its input, then ends the process group that it was last given and removes the folder. This
 * works even if the process that started it is killed.
 *
 * The leader is ended first, and the others get some time after it is gone, because one process of h2o removes a
 * folder.
 */
const SCRIPT = `
trap '' INT TERM HUP
wait_for() {
  tries=0
  while [ "$tries" -lt "$1" ] && kill -0 "$2"; do sleep 0.02; tries=$((tries + 1)); done
}
group=
while read -r told; do group=$told; done
if [ -n "$group" ]; then
  kill -TERM "$group"
  wait_for 50 "$group"
  wait_for 25 "-$group"
  kill -KILL "-$group"
fi
rm -rf "$1"
`

/** Ends a program's processes and removes its folder, on request or when this process is gone. */
export class Guard {
  readonly #shell: ChildProcess

  /** @param folder removed at the end with its contents */
  constructor(folder: string) {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl-C and other signals of the terminal must not reach it.
      detached: true,
    })
    this.#shell.stdin?.on('error', () => {})
  }

  /** Guards the process group of this leader. */
  watch(leader: number): void {
    this.#shell.stdin?.write(`${leader}\n`)
  }

  /** Resolves when everything is gone. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#shell
    if (exitCode !== null || signalCode !== null) return
    const exit = once(this.#shell, 'exit')
    this.#shell.stdin?.end()
    await exit
  }
}
