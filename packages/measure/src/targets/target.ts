import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { AnswerCheck } from '../answer-check/check-answer'
import type { Availability } from '../generators/load-generator'
import type { HttpVersion } from '../load/http-version'
import type { ResourceUsage } from '../server-process/messages'

/** Something that can be measured. The same rules apply to all targets. */
export interface Target {
  /** Such as `async/mini`, `nghttpd`. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  /** An implementation of this project, a common alternative, or a remote server. */
  readonly kind: 'implementation' | 'peer' | 'remote'
  readonly httpVersion: HttpVersion
  /** The most clients it serves at once; others would wait for a whole trial. */
  readonly mostClients: number
  /** The response to GET /, which is checked before the load. Default: Hello World; anything for a remote server. */
  readonly answer?: AnswerCheck['body']
  /** Its transport; undefined: as requested at the start. */
  readonly transport?: 'tls' | 'plain'
  /** Whether it can be started on this machine. */
  availability(): Promise<Availability>
  /**
   * Starts it in its own process. It answers GET / with the 12 octets of HELLO_WORLD.
   *
   * @returns when it accepts clients
   * @throws MeasureError `SERVER_FAILED` with the output of its process; nothing is left behind then
   */
  start(setup: TargetSetup): Promise<RunningTarget>
}

export interface TargetSetup {
  /** The certificate, which is the same for all; undefined for plain TCP. */
  readonly tls: TlsCredentials | undefined
  /** The CPUs that its processes run on, set by taskset(1); undefined: all. */
  readonly cpus?: readonly number[] | undefined
}

/** A target that accepts clients. */
export interface RunningTarget {
  readonly url: string
  /** The number of its process, which may have children; undefined for a remote server. */
  readonly pid?: number | undefined
  /** Returns what all its processes have used since their start; undefined if unknown. */
  usage(): Promise<ResourceUsage | undefined>
  /** Ends it. Never fails. */
  stop(): Promise<void>
}
