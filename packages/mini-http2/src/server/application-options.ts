import type { Handler } from '../application/handler'
import type { PrebuiltResponse } from '../prebuilt/prebuild-response'
import type { Application, AppModule } from './application'
import type { HandlerSupport } from './dispatch-method'

/** An application that is not a function, so a loop in another thread can load it. */
export type TransferableApplication = PrebuiltResponse | AppModule

/**
 * The options `app` and `protocol` of a server, in the combinations that its dispatch method
 * supports:
 *
 * - a function only if the method calls functions, and never with `mini`;
 * - a protocol that the method supports. `http2` may be omitted;
 * - no protocol for a method with its own.
 *
 * @typeParam Protocol the names of the method's protocols: `never` if it has its own, and `string`
 *   if nothing is known about them. `createServer` then checks at run time
 * @typeParam Handlers which handlers the method can call
 */
export type ApplicationOptions<Protocol extends string, Handlers extends HandlerSupport> = [
  Protocol,
] extends [never]
  ? { readonly app: ApplicationOf<Handlers>; readonly protocol?: undefined }
  : string extends Protocol
    ? { readonly app: Application; readonly protocol?: string | undefined }
    : WithProtocol<Protocol, Handlers>

/** A union with one member for each protocol. */
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
