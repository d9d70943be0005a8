/** The properties of a server that is a separate program. */
export interface ExternalProgram {
  /** Also the name of the program. */
  readonly name: string
  /** What it is, in one line. */
  readonly title: string
  /** The Debian package that contains it. */
  readonly debianPackage: string
  /** The argument to print the version, and the pattern of the version in the output. */
  readonly version: { readonly argument: string; readonly pattern: RegExp }
  /**
   * Configures it with one worker, a response to GET / with the octets of the file, no limit on requests and no
   * access log.
   *
   * @returns the arguments, and the files to write to the folder before the start
   */
  configure(setup: ProgramSetup): ProgramConfiguration
}

export interface ProgramSetup {
  /** The version from its output. */
  readonly version: string
  /** The absolute path of the program's own folder, which is removed after it. */
  readonly folder: string
  /** The port to listen on, on {@link HOST}. */
  readonly port: number
  /** Absolute paths of PEM files; undefined without TLS. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined
  /** The user to keep running as, for programs that give up root; undefined if not needed. */
  readonly user: string | undefined
}

export interface ProgramConfiguration {
  readonly arguments: readonly string[]
  /** The text of files by name, relative to the folder. */
  readonly files: Readonly<Record<string, string>>
}

export const HOST = '127.0.0.1'

/** More streams than any load has on one connection, for programs with a limit. */
export const MANY_STREAMS = 10_000

/** More connections than any load has, for programs with a limit. */
export const MANY_CONNECTIONS = 4096

/** A limit on requests that is never reached and fits 32 bits. */
export const UNREACHED = 1_000_000_000
