import type { OptionNamesOf } from '@h2lab/octets'
import type { HttpVersion } from '../load/http-version'
import { checkOptionNames } from '../option-names'
import { startServerProcess } from '../server-process/start-server-process'
import type { Target } from './target'

export interface ProcessTargetOptions {
  /** The name of the target, unique within a run. */
  readonly name: string
  /** The file of the process, which calls `serveMeasured`. */
  readonly script: string
  /** The server to start in the process. Default: `name`. */
  readonly server?: string | undefined
  /** A title in one line. Default: its name. */
  readonly title?: string | undefined
  /** Default: `h2`. */
  readonly httpVersion?: HttpVersion | undefined
  /** The most clients it serves at once. Default: any number. */
  readonly mostClients?: number | undefined
  /** The response to GET /. `hello-world` is checked before each trial. Default: `hello-world`. */
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
 * Creates a target for your own server, which runs in its own process.
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
