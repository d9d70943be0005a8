import {
  ClientPrefaceMismatchError,
  ConnectionError,
  type ConnectionErrorCode,
  type ErrorCodeName,
  errorCodeName,
  MisuseError,
  type MisuseErrorCode,
} from '@h2lab/mini-http2'
import {
  ClientRefusedError,
  ServerSetupError,
  type ServerSetupErrorCode,
  UnsupportedServerSetupError,
} from '@h2lab/mini-http2/server'
import type { OctetVector } from '@h2lab/octets'

/**
 * An error on its way from one thread to another. A message keeps neither an error's class nor
 * its own properties; those that callers look at are put back.
 */
export interface TransferredError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  /** Of its own properties those that are plain data. */
  readonly properties: Readonly<Record<string, unknown>>
  readonly cause: TransferredError | undefined
}

/** Makes a message of what was thrown. */
export function packError(thrown: unknown): TransferredError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  const properties: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(error)) {
    if (PLAIN.has(typeof value) || value instanceof Uint8Array) properties[name] = value
  }
  return {
    name: error.name,
    message: error.message,
    stack: error.stack,
    properties,
    cause: error.cause === undefined ? undefined : packError(error.cause),
  }
}

const PLAIN = new Set(['string', 'number', 'boolean'])

/** Makes an error of a message, of its class where callers may ask for it. */
export function unpackError(packed: TransferredError): Error {
  const error = ofItsClass(packed)
  if (packed.stack !== undefined) error.stack = packed.stack
  return error
}

function ofItsClass(packed: TransferredError): Error {
  const { name, message, properties } = packed
  const options = packed.cause === undefined ? {} : { cause: unpackError(packed.cause) }
  switch (name) {
    case 'ConnectionError':
      return new ConnectionError(
        // It was made by its name.
        errorCodeName(properties['errorCode'] as number) as ErrorCodeName,
        message,
        properties['code'] as ConnectionErrorCode,
      )
    case 'ClientPrefaceMismatchError':
      return new ClientPrefaceMismatchError(properties['octets'] as OctetVector)
    case 'ClientRefusedError':
      return Object.assign(new ClientRefusedError(0), { message })
    case 'MisuseError':
      return new MisuseError(properties['code'] as MisuseErrorCode, message)
    case 'ServerSetupError':
      return new ServerSetupError(properties['code'] as ServerSetupErrorCode, message, options)
    case 'UnsupportedServerSetupError': {
      const { combination, reason, alternative } = properties
      return new UnsupportedServerSetupError(
        String(combination),
        String(reason),
        String(alternative),
        options,
      )
    }
    default:
      return Object.assign(new Error(message, options), properties, { name })
  }
}
