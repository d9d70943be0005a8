import type { Control, Need } from '../attacks/attack'

/*
 * What the measuring process and its helpers say to each other. Clients, attackers and server are processes of their
 * own: none of them waits for another's turn.
 */

export interface NeighbourSetup {
  readonly url: string
}

/** What the well-behaved neighbour saw since it was told to begin. */
export interface NeighbourReport {
  readonly seconds: number
  /** Answered, on the connection that always has ten requests in flight. */
  readonly requests: number
  /** Of both its connections: reset, or answered with an error. */
  readonly failed: number
  /** How often one of its connections was ended, or could not be opened. */
  readonly lost: number
  /** Of a single request each 10 ms on another connection, answered or still waiting, in milliseconds. */
  readonly probes: number
  readonly p50: number
  readonly p99: number
}

export interface ClientsSetup {
  readonly url: string
  readonly connections: number
  readonly control: Control
  /** Requests in flight on each connection at most. */
  readonly streams: number
  /** How much they send together, at most. */
  readonly octetsPerSecond: number
}

export interface ClientsReport {
  readonly seconds: number
  readonly octets: number
  readonly answered: number
  readonly failed: number
  readonly lost: number
}

export interface AttackerSetup {
  readonly url: string
  readonly attack: string
  /** What the server has. */
  readonly has: readonly Need[]
  readonly connections: number
  /** Whether each stays just below the limits of one connection. */
  readonly below: boolean
  readonly octetsPerSecond: number
}

export interface AttackerReport {
  readonly seconds: number
  readonly octets: number
  /** Connections that were opened. */
  readonly opened: number
  /** Connections that the server ended. */
  readonly cutOff: number
  /** Connections that could not be opened. */
  readonly refused: number
}

/** What a helper does, by its script. */
export interface Helpers {
  readonly 'neighbour-process': { readonly setup: NeighbourSetup; readonly report: NeighbourReport }
  readonly 'clients-process': { readonly setup: ClientsSetup; readonly report: ClientsReport }
  readonly 'attacker-process': { readonly setup: AttackerSetup; readonly report: AttackerReport }
}

export type ToHelper<Setup> =
  /** Make ready, which is answered with `ready`. */
  | { readonly type: 'start'; readonly setup: Setup }
  /** Count from now on; what attacks begins to. */
  | { readonly type: 'begin' }
  /** The neighbour: no load but the single requests, as before `begin`. */
  | { readonly type: 'calm' }
  | { readonly type: 'report' }

export type FromHelper<Report> =
  | { readonly type: 'ready' }
  /** All connections have been opened, or refused. */
  | { readonly type: 'ramped' }
  | { readonly type: 'failed'; readonly message: string }
  | { readonly type: 'report'; readonly report: Report }
