import { inspect, types } from 'node:util'
import {
  ClientPrefaceMismatchError,
  ConnectionError,
  MisuseError,
  RequestBodyError,
} from '../../errors'
import { ClientRefusedError, ServerSetupError, UnsupportedServerSetupError } from '../errors'

/**
 * Error classes by name. Only the properties of an error are transferred. Private fields and side
 * effects of the constructor are lost.
 */
export type ErrorClasses = Readonly<Record<string, ErrorClass>>

/** Any error class, whatever its constructor takes. */
export type ErrorClass = abstract new (...values: never[]) => Error

/** An error as plain data, for a message between threads. */
export interface TransferredError {
  readonly kind: 'error'
  /** The name of its nearest class that both threads know. */
  readonly class: string
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Its own properties except the stack, including `cause`. */
  readonly properties: readonly TransferredProperty[]
}

/** A property of a {@link TransferredError}. */
interface TransferredProperty {
  readonly name: string
  readonly enumerable: boolean
  readonly value: TransferredValue
}

/** The value of a property. Nested errors remain errors. */
type TransferredValue =
  | TransferredError
  | { readonly kind: 'list'; readonly values: readonly TransferredValue[] }
  | { readonly kind: 'data'; readonly data: unknown }

/** Known to every thread: JavaScript's classes and those of this package. */
const KNOWN: ErrorClasses = {
  Error,
  AggregateError,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  ConnectionError,
  ClientPrefaceMismatchError,
  MisuseError,
  RequestBodyError,
  ClientRefusedError,
  ServerSetupError,
  UnsupportedServerSetupError,
}

/**
 * The maximum number of errors nested in one error, in `cause` and elsewhere. This is far more than
 * useful, and limits the recursion.
 */
const MOST_ERRORS = 64

/**
 * Transfers errors from one thread to another. A message between threads keeps neither the class of
 * an error nor its own properties, so both sides know the classes by the same names. An error of an
 * unknown class arrives as the nearest known one, with its name, message, code and other
 * properties.
 */
export class ErrorTransfer {
  readonly #classes: ReadonlyMap<string, ErrorClass>
  readonly #names: ReadonlyMap<object, string>

  /**
   * @param classes additional classes besides JavaScript's and this package's; must be the same in
   *   both threads
   */
  constructor(classes: ErrorClasses = {}) {
    const all = Object.entries({ ...KNOWN, ...classes })
    this.#classes = new Map(all)
    this.#names = new Map(all.map(([name, { prototype }]) => [prototype as object, name]))
  }

  /** Converts a thrown value to plain data. A value that is not an error becomes one. */
  pack(thrown: unknown): TransferredError {
    return this.#packError(isError(thrown) ? thrown : new Error(textOf(thrown)), new Set())
  }

  /** Converts plain data back to an error. */
  unpack({ class: name, ...packed }: TransferredError): Error {
    const error = new Error(packed.message)
    Object.setPrototypeOf(error, (this.#classes.get(name) ?? Error).prototype as object)
    for (const { name, enumerable, value } of packed.properties) {
      define(error, name, this.#unpackValue(value), enumerable)
    }
    if (error.name !== packed.name) define(error, 'name', packed.name, false)
    if (packed.stack !== undefined) define(error, 'stack', packed.stack, false)
    return error
  }

  /** @param packed errors that are already packed, because causes may be circular */
  #packError(error: Error, packed: Set<object>): TransferredError {
    packed.add(error)
    const properties: TransferredProperty[] = []
    for (const [name, property] of Object.entries(Object.getOwnPropertyDescriptors(error))) {
      if (name === 'message' || name === 'stack' || !('value' in property)) continue
      const value = this.#packValue(property.value, packed)
      const enumerable = property.enumerable === true
      if (value !== undefined) properties.push({ name, enumerable, value })
    }
    const { name, message, stack } = error
    return {
      kind: 'error',
      class: this.#classOf(error),
      name: String(name),
      message: String(message),
      stack: typeof stack === 'string' ? stack : undefined,
      properties,
    }
  }

  /** @returns undefined for values that can't leave the thread, such as functions and sockets */
  #packValue(value: unknown, packed: Set<object>): TransferredValue | undefined {
    if (typeof value !== 'object' || value === null) {
      const follows = typeof value !== 'function' && typeof value !== 'symbol'
      return follows ? { kind: 'data', data: value } : undefined
    }
    if (packed.has(value) || packed.size >= MOST_ERRORS) return undefined
    if (isError(value)) return this.#packError(value, packed)
    if (Array.isArray(value) && value.some(isError)) {
      packed.add(value)
      const values = value.map((element) => this.#packValue(element, packed))
      return { kind: 'list', values: values.filter((element) => element !== undefined) }
    }
    try {
      return { kind: 'data', data: structuredClone(value) }
    } catch {
      return undefined
    }
  }

  #unpackValue(value: TransferredValue): unknown {
    switch (value.kind) {
      case 'error':
        return this.unpack(value)
      case 'list':
        return value.values.map((element) => this.#unpackValue(element))
      case 'data':
        return value.data
    }
  }

  #classOf(error: Error): string {
    let prototype: object | null = Object.getPrototypeOf(error)
    while (prototype !== null) {
      const name = this.#names.get(prototype)
      if (name !== undefined) return name
      prototype = Object.getPrototypeOf(prototype)
    }
    // From another realm, such as a module of node:vm.
    return 'Error'
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value)
}

/** Any value may be thrown, even one that can't be converted to text. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : inspect(thrown)
}

function define(error: Error, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true })
}
