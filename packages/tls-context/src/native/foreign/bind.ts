import { NativeUnavailableError } from '../errors'
import { loadKoffi } from './koffi'

/** The C types that occur in signatures, and what they are in JavaScript. */
interface Arguments {
  readonly int: number
  readonly long: number
  readonly uint64_t: number
  readonly size_t: number
  /** The address of a C object as a number, which passes faster: of {@link toAddress}. */
  readonly uintptr_t: number
  /** The address of a C object, the octets of an array in place, or NULL. */
  readonly 'void *': Pointer | Uint8Array | Int32Array | null
  readonly 'const char *': string
}

interface Results {
  readonly int: number
  readonly long: number
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

/** An address for hot paths. Exact: Linux gives no addresses above 2^48 to programs that don't ask for them. */
export function toAddress(pointer: Pointer): number {
  return Number(pointer)
}

/** A C function's result and parameters. */
export type Signature = readonly [result: keyof Results, ...parameters: (keyof Arguments)[]]

/** C functions by their names. */
export type Signatures = Readonly<Record<string, Signature>>

/** The same functions, to be called from JavaScript. */
export type Bound<All extends Signatures> = {
  readonly [Name in keyof All]: All[Name] extends readonly [
    infer Result extends keyof Results,
    ...infer Parameters extends (keyof Arguments)[],
  ]
    ? (...values: { [Index in keyof Parameters]: Arguments[Parameters[Index]] }) => Results[Result]
    : never
}

/**
 * Finds C functions in the running process: Node's binary, and what it has loaded.
 *
 * @returns a function that binds all of them at its first call and returns them at each
 * @throws NativeUnavailableError (when called) with the name of the first that is missing
 */
export function bindLazily<const All extends Signatures>(signatures: All): () => Bound<All> {
  let bound: Bound<All> | undefined
  return () => {
    bound ??= bind(signatures)
    return bound
  }
}

function bind<All extends Signatures>(signatures: All): Bound<All> {
  const process = loadKoffi().load(null)
  const functions = Object.entries(signatures).map(([name, [result, ...parameters]]) => {
    try {
      return [name, process.func(name, result, parameters)]
    } catch (cause) {
      throw new NativeUnavailableError(`there is no function ${name}`, name, { cause })
    }
  })
  return Object.fromEntries(functions) as Bound<All>
}
