import { NativeUnavailableError } from '../errors'
import { type KoffiSystems, loadKoffi } from './koffi'

/** The C types that occur in signatures, and what they are in JavaScript. */
interface Arguments {
  readonly int: number
  readonly long: number
  readonly uint8_t: number
  readonly int32_t: number
  readonly uint32_t: number
  readonly uint64_t: number
  readonly size_t: number
  /** The address of a C object as a number, which passes faster: of {@link toAddress}. */
  readonly uintptr_t: Address
  /** The address of a C object, the octets of an array in place, or NULL. */
  readonly 'void *': Pointer | Address | Uint8Array | Int32Array | null
  readonly 'const char *': string
}

interface Results {
  readonly int: number
  readonly long: number
  readonly int32_t: number
  readonly uint32_t: number
  /** An `unsigned long`. */
  readonly ulong: number
  readonly size_t: number
  /** An `ssize_t`. */
  readonly intptr_t: number
  readonly 'void *': Pointer | null
  readonly 'const char *': string | null
  readonly void: undefined
}

/** The address of a C object. */
export type Pointer = bigint

/** The same for hot paths: a `bigint` has to be allocated for each call. */
export type Address = number

/** An address for hot paths. Exact: Linux gives no addresses above 2^48 to programs that don't ask for them. */
export function toAddress(pointer: Pointer): Address {
  return Number(pointer)
}

/** A C function's result and parameters. */
export type Signature = readonly [result: keyof Results, ...parameters: (keyof Arguments)[]]

/** C functions by their names. */
export type Signatures = Readonly<Record<string, Signature>>

/** The same functions, to be called from JavaScript; those of `Optional` may be missing. */
export type Bound<All extends Signatures, Optional extends keyof All = never> = {
  readonly [Name in Exclude<keyof All, Optional>]: BoundFunction<All[Name]>
} & {
  readonly [Name in Optional]?: BoundFunction<All[Name]>
}

type BoundFunction<One extends Signature> = One extends readonly [
  infer Result extends keyof Results,
  ...infer Parameters extends (keyof Arguments)[],
]
  ? (...values: { [Index in keyof Parameters]: Arguments[Parameters[Index]] }) => Results[Result]
  : never

/** What {@link bindLazily} takes besides signatures. */
export interface BindOptions<Optional> {
  /** Functions that older versions of their library do not have. Default: none. */
  readonly optional?: readonly Optional[]
  /** Where the signatures hold. Default: `linux`. */
  readonly systems?: KoffiSystems
}

/**
 * Finds C functions in the running process: Node's binary, and what it has loaded.
 *
 * @returns a function that binds all of them at its first call and returns them at each
 * @throws NativeUnavailableError (when called) with the name of the first that is missing
 */
export function bindLazily<
  const All extends Signatures,
  const Optional extends keyof All & string = never,
>(signatures: All, options: BindOptions<Optional> = {}): () => Bound<All, Optional> {
  let bound: Bound<All, Optional> | undefined
  return () => {
    bound ??= bind(signatures, options)
    return bound
  }
}

function bind<All extends Signatures, Optional extends keyof All & string>(
  signatures: All,
  { optional = [], systems }: BindOptions<Optional>,
): Bound<All, Optional> {
  const process = loadKoffi(systems).load(null)
  const mayMiss: readonly string[] = optional
  const functions = Object.entries(signatures).flatMap(([name, [result, ...parameters]]) => {
    try {
      return [[name, process.func(name, result, parameters)]]
    } catch (cause) {
      if (mayMiss.includes(name)) return []
      throw new NativeUnavailableError(`there is no function ${name}`, name, { cause })
    }
  })
  return Object.fromEntries(functions) as Bound<All, Optional>
}
