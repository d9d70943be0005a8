import { inspect, types } from 'node:util'
import {
  ClientPrefaceMismatchError,
  ConnectionError,
  MisuseError,
  RequestBodyError,
} from '../../errors'
import { ClientRefusedError, ServerSetupError, UnsupportedServerSetupError } from '../errors'

/**
 * Classes of errors by their names. An instance arrives as one if it keeps all it knows in properties of its
 * own: a private field or what a constructor does besides doesn't follow.
 */
export type ErrorClasses = Readonly<Record<string, ErrorClass>>

/** Any class of errors, whatever its constructor takes. */
export type ErrorClass = abstract new (...values: never[]) => Error

/** An error on its way from one thread to another, as plain data. */
export interface TransferredError {
  readonly kind: 'error'
  /** The nearest of its classes that both threads know, by its name there. */
  readonly class: string
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Its own properties but for the stack; `cause` among them, if it has one. */
  readonly properties: readonly TransferredProperty[]
}

/** A property of a {@link TransferredError}. */
interface TransferredProperty {
  readonly name: string
  readonly enumerable: boolean
  readonly value: TransferredValue
}

/** The value of a property: errors in it stay errors. */
type TransferredValue =
  | TransferredError
  | { readonly kind: 'list'; readonly values: readonly TransferredValue[] }
  | { readonly kind: 'data'; readonly data: unknown }

/** What every thread knows: JavaScript's own, and this package's. */
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
 * How many errors one error may bring along, in `cause` and elsewhere: far more than anybody reads, and few
 * enough for each to be packed inside the other.
 */
const MOST_ERRORS = 64

/**
 * Takes errors from one thread to another. A message between threads keeps neither an error's class nor its
 * own properties; here both sides know the classes by the same names. An error of another class arrives as the
 * nearest one that is known, with the name, message, code and other properties that it had.
 */
export class ErrorTransfer {
  readonly #classes: ReadonlyMap<string, ErrorClass>
  readonly #names: ReadonlyMap<object, string>

  /** @param classes those to know besides JavaScript's own and this package's; the same ones in both threads */
  constructor(classes: ErrorClasses = {}) {
    const all = Object.entries({ ...KNOWN, ...classes })
    this.#classes = new Map(all)
    this.#names = new Map(all.map(([name, { prototype }]) => [prototype as object, name]))
  }

  /** Makes plain data of what was thrown: of something else than an error too, which becomes one. */
  pack(thrown: unknown): TransferredError {
    return this.#packError(isError(thrown) ? thrown : new Error(textOf(thrown)), new Set())
  }

  /** Makes an error of plain data. */
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

  /** @param packed what is packed already: a cause may lead back to its error */
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

  /** @returns undefined for what can't leave its thread: functions, sockets and the like */
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
    // Of another realm, as a module of node:vm.
    return 'Error'
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error || types.isNativeError(value)
}

/** What was thrown may be anything, also what has no text. */
function textOf(thrown: unknown): string {
  return typeof thrown === 'string' ? thrown : inspect(thrown)
}

function define(error: Error, name: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(error, name, { value, enumerable, writable: true, configurable: true })
}
