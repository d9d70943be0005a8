import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Waits for the end of its input, then ends the process group that it was told last and removes
 * the folder. So they go even if the process that started it is killed.
 *
 * The leader is asked first, alone, and the others get a moment when it is gone: one of h2o has a
 * folder to remove.
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

/** Ends a program's processes and removes its folder: when told to, or when this process is gone. */
export class Guard {
  readonly #shell: ChildProcess

  /** @param folder removed at the end, with all that is in it */
  constructor(folder: string) {
    this.#shell = spawn('/bin/sh', ['-c', SCRIPT, 'sh', folder], {
      stdio: ['pipe', 'ignore', 'ignore'],
      // Ctrl-C, and whatever else a terminal sends to all, is not for it.
      detached: true,
    })
    this.#shell.stdin?.on('error', () => {})
  }

  /** Guards the process group of this leader from now on. */
  watch(leader: number): void {
    this.#shell.stdin?.write(`${leader}\n`)
  }

  /** Returns when nothing is left. */
  async end(): Promise<void> {
    const { exitCode, signalCode } = this.#shell
    if (exitCode !== null || signalCode !== null) return
    const exit = once(this.#shell, 'exit')
    this.#shell.stdin?.end()
    await exit
  }
}
