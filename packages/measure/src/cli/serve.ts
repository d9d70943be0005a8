import {
  createServer,
  ServerFailedError,
  ServerSetupError,
  type TlsCredentials,
} from '@h2lab/mini-http2/server'
import { devTls } from '@h2lab/tls-context'
import { MeasureError } from '../errors'
import { helloWorld } from '../implementations/hello-world'
import { findImplementation, IMPLEMENTATIONS } from '../implementations/implementation'
import { ServeLog } from './serve-log'
import { integerValue } from './values'

export interface ServeFlags {
  readonly tls?: boolean
  readonly port?: unknown
  readonly host?: unknown
  readonly app?: unknown
  readonly cert?: unknown
  readonly key?: unknown
  readonly devCertificateAnywhere?: boolean
}

/** How long connections may take to finish after a signal, in milliseconds. */
const GRACE = 1000

/**
 * `h2lab serve`: serves until SIGINT or SIGTERM, then ends the process. A second signal ends it at once.
 *
 * @throws MeasureError `USAGE`, ServerSetupError; ServerFailedError if the server has ended by itself
 */
export async function serve(name: string, flags: ServeFlags): Promise<never> {
  const implementation = findImplementation(name)
  if (implementation === undefined) {
    const names = IMPLEMENTATIONS.map((one) => one.name).join(', ')
    throw new MeasureError(
      'USAGE',
      `There is no implementation ${JSON.stringify(name)}: it must be one of ${names}.`,
    )
  }
  const host = flags.host === undefined ? '127.0.0.1' : String(flags.host)
  const port = flags.port === undefined ? 8443 : integerValue('port', flags.port, 0, 65_535)
  const tls = (flags.tls ?? true) ? await credentials(flags) : withoutCredentials(flags)
  const stopped = signalled()
  const log = new ServeLog((line) => process.stderr.write(line))
  const server = await createServer(implementation.method, {
    app:
      flags.app === undefined ? helloWorld(implementation.protocol) : { module: String(flags.app) },
    protocol: implementation.protocol,
    host,
    port,
    tls,
    onListening: (url) => process.stdout.write(`listening on ${url}\n`),
    onConnectionError(fault) {
      // It is printed when the process ends.
      if (!(fault.error instanceof ServerFailedError)) log.add(fault)
    },
  }).catch((error: unknown) => {
    throw withFlags(error, host)
  })
  try {
    await Promise.race([stopped, server.ended])
    await server.close({ graceMs: GRACE })
  } finally {
    log.close()
  }
  // The application may have left timers and sockets open.
  process.exit()
}

/** Names the flags instead of the options of the library. */
function withFlags(error: unknown, host: string): unknown {
  if (!(error instanceof ServerSetupError) || error.code !== 'LOOPBACK_ONLY') return error
  return new MeasureError(
    'USAGE',
    `Other machines can reach ${host}, but the development certificate is for this one. ` +
      'Give --cert and --key with your own, or --dev-certificate-anywhere to use it nevertheless.',
  )
}

async function credentials(flags: ServeFlags): Promise<TlsCredentials> {
  if (flags.cert === undefined && flags.key === undefined) {
    return devTls({ anywhere: flags.devCertificateAnywhere === true })
  }
  if (flags.cert === undefined || flags.key === undefined) {
    throw new MeasureError('USAGE', '--cert and --key must be given together.')
  }
  return { certFile: String(flags.cert), keyFile: String(flags.key) }
}

function withoutCredentials({ cert, key }: ServeFlags): undefined {
  if (cert === undefined && key === undefined) return undefined
  throw new MeasureError(
    'USAGE',
    '--cert and --key require TLS: leave out either them or --no-tls.',
  )
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
}
