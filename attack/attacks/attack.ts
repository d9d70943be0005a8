import type { Hostile } from './hostile'

/** What a server needs to have for an attack to mean anything. */
export type Need =
  /** TLS. */
  | 'tls'
  /** The paths of the suite's application: `/large`, `/slow`, `/echo`, `/never-reads`. */
  | 'application'
  /** Handlers that answer later than they return, which blocking loops do not have. */
  | 'waiting-handlers'

/** What ordinary clients do, of as many octets: GET requests, or uploads that are read. */
export type Control = 'requests' | 'uploads'

/** One way to harm a server. */
export interface Attack {
  /** As `rapid-reset`. */
  readonly name: string
  /** The CVE or advisory that made it known, or the RFC that warns of it. */
  readonly advisory: string
  /** What it sends: a sentence without its subject, as `Requests, each reset at once.` */
  readonly sends: string
  readonly needs?: readonly Need[]
  /** How much all its connections send, if not as much as the others, and what the control does then. */
  readonly rate?: { readonly octetsPerSecond: number; readonly control: Control }
  /** Why it is not tried from more connections than so many. */
  readonly mostConnections?: { readonly count: number; readonly reason: string }
  /**
   * Drives one connection, until it is over or `host` says that it is enough. One of a thousand
   * (`host.below`) stays just below the limits of one connection.
   */
  run(host: Hostile): Promise<void>
}
