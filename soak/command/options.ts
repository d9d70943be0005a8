import { parseArgs } from 'node:util'
import { findServer, SERVERS_BY_DEFAULT, type SoakedServer } from '../servers/soaked-server'
import { UsageError } from './usage-error'

export const HELP = `npm run soak -- [options]

Serves clients that come, go and misbehave, for a long time, and tells whether the servers stay as they were.

  --short                  A minute and a half in all, for CI
  --minutes <number>       How long in all (default: 30)
  --implementation <names> Servers, separated by commas (default: ${SERVERS_BY_DEFAULT.join(',')})
  --no-tls                 Serve plain TCP
  --seed <number>          Of the random numbers that clients use (default: 1)
  --json <file>            Write all figures to a file
  --help                   Show this

Exit status: 0 if all promises are kept, 1 if a server breaks one, 2 if an option is wrong.
`

/** What is to be done. */
export type Command = { readonly kind: 'help' } | ({ readonly kind: 'soak' } & Plan)

export interface Plan {
  readonly servers: readonly SoakedServer[]
  /** Of each server, in milliseconds. */
  readonly duration: number
  readonly seed: number
  readonly json: string | undefined
}

const MINUTES = 30
const SHORT_MINUTES = 1.5

/** @throws UsageError that says what is wrong with the arguments */
export function commandOf(args: readonly string[]): Command {
  const values = parsed(args)
  if (values.help) return { kind: 'help' }
  if (values.short && values.minutes !== undefined) {
    throw new UsageError('--short says how long it takes: leave --minutes out.')
  }
  const usual = String(values.short ? SHORT_MINUTES : MINUTES)
  const minutes = numberOf('--minutes', values.minutes ?? usual, 0.1, 10_000)
  const servers = serversOf(values.implementation, !values['no-tls'])
  return {
    kind: 'soak',
    servers,
    duration: (minutes * 60_000) / servers.length,
    seed: numberOf('--seed', values.seed ?? '1', 0, 2 ** 31),
    json: values.json,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        short: { type: 'boolean' },
        minutes: { type: 'string' },
        implementation: { type: 'string' },
        'no-tls': { type: 'boolean' },
        seed: { type: 'string' },
        json: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See --help.`)
  }
}

function serversOf(names: string | undefined, isTls: boolean): SoakedServer[] {
  return (names?.split(',') ?? SERVERS_BY_DEFAULT).map((name) => {
    const server = findServer(name, isTls)
    if (server !== undefined) return server
    throw new UsageError(
      `--implementation can't be ${JSON.stringify(name)}: it must be some of ${SERVERS_BY_DEFAULT.join(', ')}.`,
    )
  })
}

function numberOf(option: string, given: string, least: number, most: number): number {
  const value = given.trim() === '' ? Number.NaN : Number(given)
  if (value >= least && value <= most) return value
  throw new UsageError(
    `${option} can't be ${JSON.stringify(given)}: it must be a number from ${least} to ${most}.`,
  )
}
