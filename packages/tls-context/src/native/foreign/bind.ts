import { NativeUnavailableError } from '../errors'
import { type KoffiSystems, loadKoffi } from './koffi'

/** The C types in signatures, with their JavaScript types. */
interface Arguments {
  readonly int: number
  readonly long: number
  readonly uint8_t: number
  readonly int32_t: number
  readonly uint32_t: number
  readonly uint64_t: number
  readonly size_t: number
  /** The address of a C object as a number from {@link toAddress}, which is faster to pass. */
  readonly uintptr_t: Address
  /** The address of a C object, an array that is passed in place, or NULL. */
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

/** Same, for hot paths: a `bigint` is allocated for each call. */
export type Address = number

/**
 * Converts a pointer to an address for hot paths. Exact: Linux uses no addresses above 2^48 unless
 * a program asks for them.
 */
export function toAddress(pointer: Pointer): Address {
  return Number(pointer)
}

/** The result and the parameters of a C function. */
export type Signature = readonly [result: keyof Results, ...parameters: (keyof Arguments)[]]

/** C functions by name. */
export type Signatures = Readonly<Record<string, Signature>>

/** The same functions in JavaScript. Those in `Optional` may be missing. */
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

/** Options of {@link bindLazily}. */
export interface BindOptions<Optional> {
  /** Functions that older versions of their library don't have. Default: none. */
  readonly optional?: readonly Optional[]
  /** The systems for which the signatures are valid. Default: `linux`. */
  readonly systems?: KoffiSystems
}

/**
 * Finds C functions in the running process: in Node's binary, and in the libraries it has loaded.
 *
 * @returns a function that binds all of them at its first call, and returns them at every call
 * @throws NativeUnavailableError (when called) with the name of the first one that is missing
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
