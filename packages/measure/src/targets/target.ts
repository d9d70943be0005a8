import type { TlsCredentials } from '@h2lab/mini-http2/server'
import type { AnswerCheck } from '../answer-check/check-answer'
import type { Availability } from '../generators/load-generator'
import type { HttpVersion } from '../load/http-version'
import type { ResourceUsage } from '../server-process/messages'

/** Something that can be measured, by the same rules as everything else. */
export interface Target {
  /** As `async/mini`, `nghttpd`. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  /** Ours, what people would take instead, or a server that somebody else runs. */
  readonly kind: 'implementation' | 'peer' | 'remote'
  readonly httpVersion: HttpVersion
  /** How many clients it serves at once at most; others would wait for a whole trial. */
  readonly mostClients: number
  /**
   * What GET / gets, which is checked before it is loaded. Default: Hello World; of a server that somebody else runs,
   * anything.
   */
  readonly answer?: AnswerCheck['body']
  /** How it is reached; undefined: as its start is asked to. */
  readonly transport?: 'tls' | 'plain'
  /** Whether it can be started on this machine. */
  availability(): Promise<Availability>
  /**
   * Starts it in a process of its own, answering GET / with HELLO_WORLD's 12 octets.
   *
   * @returns when it accepts clients
   * @throws MeasureError `SERVER_FAILED` with what its process said; nothing is left then
   */
  start(setup: TargetSetup): Promise<RunningTarget>
}

export interface TargetSetup {
  /** The certificate, the same for all; undefined: plain TCP. */
  readonly tls: TlsCredentials | undefined
  /** The CPUs that its processes keep to, by taskset(1); undefined: all that there are. */
  readonly cpus?: readonly number[] | undefined
}

/** A target that accepts clients. */
export interface RunningTarget {
  readonly url: string
  /** The process that it runs in, which may have started others; undefined if it runs elsewhere. */
  readonly pid?: number | undefined
  /** Asks what all its processes have used since their start; undefined if nobody can tell. */
  usage(): Promise<ResourceUsage | undefined>
  /** Ends it; never fails. */
  stop(): Promise<void>
}
