/** A server that is a program of its own, as far as it differs from others. */
export interface ExternalProgram {
  /** Also the program's. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  /** Where Debian has it. */
  readonly debianPackage: string
  /** The argument that makes it print its version, and how that is found. */
  readonly version: { readonly argument: string; readonly pattern: RegExp }
  /**
   * Configures it: one worker, GET / answered with the octets of the file, no limit on requests,
   * nothing logged for each.
   *
   * @returns its arguments; files that they name are written to the folder before it starts
   */
  configure(setup: ProgramSetup): ProgramConfiguration
}

export interface ProgramSetup {
  /** As its version is listed. */
  readonly version: string
  /** Absolute; the program's own, removed after it. */
  readonly folder: string
  /** Where it is to listen, on {@link HOST}. */
  readonly port: number
  /** Absolute names of files in PEM form; undefined: without TLS. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** Whose rights it shall keep, where it would give up those of root; undefined: nobody's. */
  readonly user: string | undefined
}

export interface ProgramConfiguration {
  readonly arguments: readonly string[]
  /** Text of files by their names, relative to the folder. */
  readonly files: Readonly<Record<string, string>>
}

export const HOST = '127.0.0.1'

/** More streams than any load has on one connection, where a program has a limit on them. */
export const MANY_STREAMS = 10_000

/** More connections than any load has, where a program has a limit on them. */
export const MANY_CONNECTIONS = 4096

/** A number that a limit on requests is never reached with, and which fits 32 bits. */
export const UNREACHED = 1_000_000_000
