import type { OptionNamesOf } from '@h2lab/octets'
import type { HttpVersion } from '../load/http-version'
import { checkOptionNames } from '../option-names'
import { startServerProcess } from '../server-process/start-server-process'
import type { Target } from './target'

export interface ProcessTargetOptions {
  /** What the target is called; no two of a run may be called the same. */
  readonly name: string
  /** The file of the process, which calls `serveMeasured`. */
  readonly script: string
  /** Which of the servers of the process it is. Default: `name`. */
  readonly server?: string | undefined
  /** What it is, in one line. Default: its name. */
  readonly title?: string | undefined
  /** Default: `h2`. */
  readonly httpVersion?: HttpVersion | undefined
  /** How many clients it serves at once at most. Default: any number. */
  readonly mostClients?: number | undefined
  /** What GET / gets: `hello-world` is checked before each trial. Default: `hello-world`. */
  readonly answer?: Target['answer']
}

const OPTIONS: OptionNamesOf<ProcessTargetOptions> = {
  name: true,
  script: true,
  server: true,
  title: true,
  httpVersion: true,
  mostClients: true,
  answer: true,
}

/**
 * Makes a target of a server of your own, which runs in a process of its own.
 *
 * @throws MeasureError `USAGE` if an option does not exist
 */
export function processTarget(options: ProcessTargetOptions): Target {
  checkOptionNames(options, OPTIONS)
  const { name, script, server = name, title = name, answer = 'hello-world' } = options
  const { httpVersion = 'h2', mostClients = Number.POSITIVE_INFINITY } = options
  return {
    name,
    title,
    kind: 'implementation',
    httpVersion,
    mostClients,
    answer,
    availability: async () => ({ state: 'available', version: `Node ${process.versions.node}` }),
    start: ({ tls, cpus }) => startServerProcess(script, { name: server, tls }, cpus),
  }
}
