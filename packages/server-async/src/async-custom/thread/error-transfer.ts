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

/** An error as plain data: a message between threads keeps neither its class nor its own properties. */
export interface PackedError {
  readonly name: string
  readonly message: string
  readonly stack: string | undefined
  readonly properties: Readonly<Record<string, unknown>>
}

/** Makes plain data of what was thrown. */
export function packError(thrown: unknown): PackedError {
  const { name, message, stack, ...rest } =
    thrown instanceof Error ? thrown : new Error(String(thrown))
  const plain = Object.entries(rest).filter(
    ([, value]) => value === null || typeof value !== 'object' || value instanceof Uint8Array,
  )
  const properties = Object.fromEntries(plain.filter(([, value]) => typeof value !== 'function'))
  return { name, message, stack, properties }
}

/** Makes an error again, of its class where callers may ask for it. */
export function unpackError(packed: PackedError): Error {
  const error = ofItsClass(packed)
  if (packed.stack !== undefined) error.stack = packed.stack
  return error
}

function ofItsClass({ name, message, properties }: PackedError): Error {
  switch (name) {
    case 'ConnectionError': {
      // It was made by its name.
      const errorCode = errorCodeName(properties['errorCode'] as number) as ErrorCodeName
      return new ConnectionError(errorCode, message, properties['code'] as ConnectionErrorCode)
    }
    case 'ClientPrefaceMismatchError':
      return new ClientPrefaceMismatchError(properties['octets'] as Uint8Array)
    case 'ClientRefusedError':
      return Object.assign(new ClientRefusedError(0), { message })
    case 'MisuseError':
      return new MisuseError(properties['code'] as MisuseErrorCode, message)
    case 'ServerSetupError':
      return new ServerSetupError(properties['code'] as ServerSetupErrorCode, message)
    case 'UnsupportedServerSetupError': {
      const { combination, reason, alternative } = properties
      return new UnsupportedServerSetupError(
        String(combination),
        String(reason),
        String(alternative),
      )
    }
    default:
      return Object.assign(new Error(message), properties, { name })
  }
}
