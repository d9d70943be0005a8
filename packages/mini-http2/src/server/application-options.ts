import type { Handler } from '../application/handler'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'
import type { Application, AppModule } from './application'
import type { HandlerSupport } from './dispatch-method'

/** An application that is no function: a loop in a thread of its own loads it there. */
export type TransferableApplication = PrebuiltResponse | AppModule

/**
 * Protocol and application of a server, as its dispatch method takes them together:
 *
 * - a function only where the method calls functions, and never with `mini`;
 * - a protocol that the method carries. `http2` may be left out;
 * - no protocol for a method that brings its own.
 *
 * @typeParam Protocol the names of the method's protocols: `never` if it brings its own, and `string` if
 *   nothing is known about them, where `createServer` says what can't be
 * @typeParam Handlers which handlers the method calls
 */
export type ApplicationOptions<Protocol extends string, Handlers extends HandlerSupport> = [
  Protocol,
] extends [never]
  ? { readonly app: ApplicationOf<Handlers>; readonly protocol?: undefined }
  : string extends Protocol
    ? { readonly app: Application; readonly protocol?: string | undefined }
    : WithProtocol<Protocol, Handlers>

/** One kind of options for each protocol. */
type WithProtocol<
  Protocol extends string,
  Handlers extends HandlerSupport,
> = Protocol extends 'http2'
  ? { readonly app: ApplicationOf<Handlers>; readonly protocol?: Protocol | undefined }
  : Protocol extends 'mini'
    ? { readonly app: TransferableApplication; readonly protocol: Protocol }
    : { readonly app: ApplicationOf<Handlers>; readonly protocol: Protocol }

type ApplicationOf<Handlers extends HandlerSupport> =
  | TransferableApplication
  | (Handlers extends 'functions' ? Handler : never)
