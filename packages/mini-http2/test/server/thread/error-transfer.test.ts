import { createContext, runInContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { ConnectionError, MisuseError } from '../../../src'
import { ClientRefusedError, UnsupportedServerSetupError } from '../../../src/server'
import { ErrorTransfer } from '../../../src/server/thread/error-transfer'

class CallError extends Error {
  override readonly name = 'CallError'
  readonly code = 'ECONNRESET'
  constructor(
    readonly syscall: string,
    options?: ErrorOptions,
  ) {
    super(`${syscall} failed`, options)
  }
}
class UnknownCallError extends CallError {}

const transfer = new ErrorTransfer({ CallError })

/** The error as another thread receives it in a message. */
function transferred(thrown: unknown): Error {
  return transfer.unpack(structuredClone(transfer.pack(thrown)))
}

describe('an error that goes to another thread', () => {
  test.each([
    new CallError('read'),
    new ConnectionError('FLOW_CONTROL_ERROR', 'a window'),
    new MisuseError('INVALID_STATUS', 'status 42'),
    new ClientRefusedError(3),
    new UnsupportedServerSetupError('none/mini', 'of the weather', 'an umbrella'),
    new RangeError('too far'),
    Object.assign(new TypeError('wrong'), { code: 'ERR_INVALID_ARG_TYPE', nothing: null, at: 5n }),
  ])('keeps class, name, message, stack and properties: $name', (error) => {
    const arrived = transferred(error)
    expect(arrived).toBeInstanceOf(error.constructor)
    expect(Object.getPrototypeOf(arrived)).toBe(Object.getPrototypeOf(error))
    expect(arrived.stack).toBe(error.stack)
    expect(Object.getOwnPropertyDescriptors(arrived)).toEqual(
      Object.getOwnPropertyDescriptors(error),
    )
  })

  test('of a class that nobody knows arrives as the nearest one that is known', () => {
    class Stranger extends Error {
      override readonly name = 'Stranger'
      readonly code = 'STRANGE'
    }
    expect(transferred(new UnknownCallError('write'))).toBeInstanceOf(CallError)
    const arrived = transferred(new Stranger('who is it'))
    expect(Object.getPrototypeOf(arrived)).toBe(Error.prototype)
    expect(arrived).toMatchObject({ name: 'Stranger', message: 'who is it', code: 'STRANGE' })
  })

  test('of another class with a known name is not taken for that', () => {
    const Namesake = class CallError extends Error {
      override readonly name = 'CallError'
    }
    const arrived = transferred(new Namesake('of a database'))
    expect(arrived).not.toBeInstanceOf(CallError)
    expect(arrived.name).toBe('CallError')
  })

  test('keeps a name that its class has', () => {
    class Named extends Error {}
    Object.defineProperty(Named.prototype, 'name', { value: 'Named' })
    expect(String(transferred(new Named('here')))).toBe('Named: here')
  })

  test('of another realm arrives with name and message', () => {
    const foreign: unknown = runInContext('new RangeError("from afar")', createContext())
    expect(transferred(foreign)).toMatchObject({ name: 'RangeError', message: 'from afar' })
  })

  test('keeps its causes, with their classes', () => {
    const cause = new CallError('read', { cause: new RangeError('deep') })
    const arrived = transferred(new Error('above', { cause }))
    expect(arrived.cause).toBeInstanceOf(CallError)
    expect(arrived.cause).toMatchObject({ syscall: 'read', stack: cause.stack })
    expect((arrived.cause as Error).cause).toBeInstanceOf(RangeError)
    expect(transferred(new Error('why', { cause: { reason: 'data' } })).cause).toEqual({
      reason: 'data',
    })
    expect(transferred(new Error('why'))).not.toHaveProperty('cause')
  })

  test('keeps the errors of an AggregateError', () => {
    const arrived = transferred(
      new AggregateError([new CallError('connect'), 'text'], 'all failed'),
    )
    expect(arrived).toBeInstanceOf(AggregateError)
    const { errors } = arrived as AggregateError
    expect(errors[0]).toBeInstanceOf(CallError)
    expect(errors[1]).toBe('text')
  })

  test('loses what cannot leave its thread', () => {
    const error = Object.assign(new Error('here'), {
      retry: () => {},
      kind: Symbol('kind'),
      pending: Promise.resolve(),
      octets: Uint8Array.of(1, 2),
    })
    const { name: _, ...properties } = transferred(error) as Error & Record<string, unknown>
    expect(properties).toEqual({ octets: Uint8Array.of(1, 2) })
  })

  test('calls nothing of it', () => {
    const error = Object.defineProperty(new Error('here'), 'trap', {
      enumerable: true,
      get() {
        throw new Error('called')
      },
    })
    expect(transferred(error)).not.toHaveProperty('trap')
  })

  test('may be its own cause, or one of very many', () => {
    const error = new Error('endless')
    error.cause = new Error('round', { cause: error })
    expect((transferred(error).cause as Error).message).toBe('round')
    let chain = new Error('innermost')
    for (let count = 0; count < 10_000; count++) chain = new Error('outer', { cause: chain })
    let depth = 0
    for (let at: unknown = transferred(chain); at instanceof Error; at = at.cause) depth += 1
    expect(depth).toBe(64)
  })

  test.each([
    ['a text', 'a text'],
    [undefined, 'undefined'],
    [{ code: 7 }, '{ code: 7 }'],
    [Object.create(null), '[Object: null prototype] {}'],
  ])('that is none becomes one: %s', (thrown, message) => {
    expect(transferred(thrown)).toMatchObject({ name: 'Error', message })
  })
})
