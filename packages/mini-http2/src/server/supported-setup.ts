import { isPrebuiltResponse } from '../prebuilt/prebuild-response'
import type { Application } from './application'
import type { DispatchMethod, ServerSetup } from './dispatch-method'
import { UnsupportedServerSetupError } from './errors'
import { combinationName, implementationName } from './implementation-name'

/*
 * The protocols and applications that a dispatch method supports. An error suggests an alternative
 * that works with the other options.
 */

type AnyMethod = Pick<DispatchMethod<string>, 'name' | 'protocols' | 'handlers'>

/** Works wherever a handler doesn't. */
const PREBUILT = 'the result of prebuildResponse()'

const MODULE = 'an app module such as { module: new URL(...) }'

/** The protocol if the options name none. */
const DEFAULT_PROTOCOL = 'http2'

/**
 * Returns the protocol of a server.
 *
 * @returns undefined for a method with its own protocol
 * @throws UnsupportedServerSetupError if the method doesn't support the protocol
 */
export function chooseProtocol<Protocol extends string>(
  method: DispatchMethod<Protocol>,
  given: Protocol | undefined,
  app: Application,
  tls: boolean,
): Protocol | undefined {
  const { name, protocols } = method
  if (protocols === 'own') {
    if (given === undefined) return undefined
    const works = answers(method, app) ? '' : `, and ${PREBUILT} as app`
    throw new UnsupportedServerSetupError(
      combinationName(implementationName(method, given), tls),
      `${name} has its own protocol`,
      `no protocol${works}`,
    )
  }
  const protocol = given ?? protocols.find((one) => one === DEFAULT_PROTOCOL)
  if (protocol !== undefined && protocols.includes(protocol)) return protocol
  throw new UnsupportedServerSetupError(
    combinationName(implementationName(method, given), tls),
    given === undefined
      ? `${name} needs a protocol`
      : `${name} does not support the protocol ${given}`,
    oneOf(otherProtocols(method, app)),
  )
}

/**
 * @throws UnsupportedServerSetupError if the application is a function that can't be called here
 */
export function checkHandler(
  method: AnyMethod,
  { app, implementation, protocol, tls }: ServerSetup<string>,
): void {
  if (typeof app !== 'function' || answers(method, app, protocol)) return
  const combination = combinationName(implementation, tls !== undefined)
  const works = protocolsThatAnswer(method, app).map((name) => `the protocol ${name}`)
  if (method.handlers === 'none' || protocol === 'mini') {
    const modules = method.handlers === 'modules' ? handlerProtocols(method) : []
    throw new UnsupportedServerSetupError(
      `A handler with ${combination}`,
      `${implementation} sends the same response to every request`,
      oneOf([PREBUILT, ...works, ...modules.map((name) => `${MODULE}, with the protocol ${name}`)]),
    )
  }
  throw new UnsupportedServerSetupError(
    combination,
    'its loop runs in a thread of its own, and a function cannot be passed to it',
    oneOf([MODULE, PREBUILT, ...works]),
  )
}

/** The protocols for which a dispatch method supports handlers, as functions or from a module. */
export function handlerProtocols({ protocols, handlers }: AnyMethod): readonly string[] {
  if (protocols === 'own' || handlers === 'none') return []
  return protocols.filter((name) => name !== 'mini')
}

/** The error for an app module that exports a handler if the server can't call handlers. */
export function unsupportedHandler(setup: ServerSetup<string>): UnsupportedServerSetupError {
  return new UnsupportedServerSetupError(
    `A handler with ${combinationName(setup.implementation, setup.tls !== undefined)}`,
    `${setup.implementation} sends the same response to every request`,
    oneOf([PREBUILT, ...setup.handlerProtocols.map((name) => `the protocol ${name}`)]),
  )
}

/**
 * Returns whether an application is certain to work with a protocol. A module may export a handler.
 *
 * @param protocol default: the method's own
 */
function answers({ handlers }: AnyMethod, app: Application, protocol?: string): boolean {
  if (isPrebuiltResponse(app)) return true
  if (handlers === 'none' || protocol === 'mini') return false
  return handlers === 'functions' || typeof app !== 'function'
}

function protocolsThatAnswer(method: AnyMethod, app: Application): readonly string[] {
  return method.protocols === 'own'
    ? []
    : method.protocols.filter((name) => answers(method, app, name))
}

/** Alternatives to an unsupported protocol, with another application if none supports this one. */
function otherProtocols(method: AnyMethod, app: Application): readonly string[] {
  const fitting = protocolsThatAnswer(method, app)
  if (fitting.length > 0 || method.protocols === 'own') {
    return fitting.map((name) => `the protocol ${name}`)
  }
  return method.protocols.map((name) => `the protocol ${name}, with ${PREBUILT} as app`)
}

function oneOf(choices: readonly string[]): string {
  return choices.join('; or ')
}
