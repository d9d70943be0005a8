import { parseArgs } from 'node:util'
import type { Attack } from '../attacks/attack'
import { ATTACKS, findAttack } from '../attacks/catalogue'
import type { AttackedServer } from '../servers/server'
import { DEFAULT_SERVERS, findServer, givenServer, serverNames } from '../servers/servers'
import { isAlive } from '../trial/process-state'
import { MIB } from '../trial/promises'
import { loopbackUrl } from './loopback'
import { UsageError } from './usage-error'

export const HELP = `npm run attack -- [options]

Attacks servers on this machine, each beside a well-behaved neighbour, and tells which promises they break.

  --list                    Show the attacks and end
  --short                   A few attacks from one connection for a second each, for CI
  --only <names>            Attacks, separated by commas (default: all)
  --implementations <names> Servers, separated by commas (default: ${DEFAULT_SERVERS.join(',')})
  --target <url>            Attack a server that runs already, on a loopback address
  --with-application        The target answers what attack/servers/application.mjs does
  --pid <number>            Its process, whose memory and descriptors are looked at
  --connections <numbers>   How many attack at once (default: 1,10,1000)
  --seconds <number>        How long each attack lasts (default: 3)
  --rate <number>           MiB that an attack sends per second at most (default: 8)
  --budget <number>         MiB that a server may hold for attackers, whatever comes (default: 512)
  --no-tls                  Attack over plain TCP
  --json <file>             Write all figures to a file
  --docs                    Write the table to docs/security.md
  --from <files>            Attack nothing: make the table of what --json has written, of several runs if wanted
  --help                    Show this

Exit status: 0 if all promises are kept, 1 if one of ours or the target breaks one, 2 if an option is wrong.
`

/** What is to be done. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'list' }
  /** Of earlier runs; what is in a later file counts. */
  | { readonly kind: 'table'; readonly files: readonly string[]; readonly writesDocs: boolean }
  | ({ readonly kind: 'attack' } & Plan)

export interface Plan {
  readonly attacks: readonly Attack[]
  readonly servers: readonly AttackedServer[]
  readonly connections: readonly number[]
  readonly seconds: number
  readonly octetsPerSecond: number
  /** In octets. */
  readonly budget: number
  readonly json: string | undefined
  readonly writesDocs: boolean
}

/** What CI tries: one attack of each kind. */
const SHORT = ['rapid-reset', 'continuation-empty', 'ping-flood', 'hpack-bomb']
const SHORT_SERVERS = ['async/http2', 'async-custom/http2']

const MOST_CONNECTIONS = 1000

/** @throws UsageError that says what is wrong with the arguments */
export async function commandOf(args: readonly string[]): Promise<Command> {
  const values = parsed(args)
  if (values.help) return { kind: 'help' }
  if (values.list) return { kind: 'list' }
  if (values.from !== undefined) {
    return { kind: 'table', files: values.from.split(','), writesDocs: values.docs ?? false }
  }
  const { short } = values
  const isTls = !values['no-tls']
  return {
    kind: 'attack',
    attacks: named(
      '--only',
      values.only,
      short ? SHORT : names(ATTACKS),
      findAttack,
      names(ATTACKS),
    ),
    servers: await serversOf(values, isTls),
    connections: numbers('--connections', values.connections ?? (short ? '1' : '1,10,1000')),
    seconds: numberOf('--seconds', values.seconds ?? (short ? '1' : '3'), 0.5, 60),
    octetsPerSecond: numberOf('--rate', values.rate ?? '8', 0.1, 64) * MIB,
    budget: numberOf('--budget', values.budget ?? '512', 1, 65_536) * MIB,
    json: values.json,
    writesDocs: values.docs ?? false,
  }
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean' },
        list: { type: 'boolean' },
        short: { type: 'boolean' },
        only: { type: 'string' },
        implementations: { type: 'string' },
        target: { type: 'string' },
        pid: { type: 'string' },
        'with-application': { type: 'boolean' },
        connections: { type: 'string' },
        seconds: { type: 'string' },
        rate: { type: 'string' },
        budget: { type: 'string' },
        'no-tls': { type: 'boolean' },
        json: { type: 'string' },
        docs: { type: 'boolean' },
        from: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${(error as Error).message}. See --help.`)
  }
}

type Values = ReturnType<typeof parsed>

async function serversOf(values: Values, isTls: boolean): Promise<readonly AttackedServer[]> {
  const { target, pid, implementations, short } = values
  if (target === undefined) {
    for (const option of ['pid', 'with-application'] as const) {
      if (values[option] !== undefined) {
        throw new UsageError(`--${option} goes with --target: leave it out.`)
      }
    }
    const usual = short ? SHORT_SERVERS : DEFAULT_SERVERS
    const find = (name: string) => findServer(name, isTls)
    return named('--implementations', implementations, usual, find, serverNames())
  }
  if (implementations !== undefined || values['no-tls'] !== undefined) {
    throw new UsageError(
      '--target says what is attacked: leave --implementations and --no-tls out.',
    )
  }
  const url = await loopbackUrl(target)
  const process = pid === undefined ? undefined : numberOf('--pid', pid, 1, 2 ** 22)
  if (process !== undefined && !isAlive(process)) {
    throw new UsageError(`--pid can't be ${process}: there is no such process.`)
  }
  return [givenServer(url, process, values['with-application'] ?? false)]
}

/** Finds each of the names that were given, or of the usual ones. */
function named<Found>(
  option: string,
  given: string | undefined,
  usual: readonly string[],
  find: (name: string) => Found | undefined,
  known: readonly string[],
): Found[] {
  return (given?.split(',') ?? usual).map((name) => {
    const found = find(name)
    if (found === undefined) {
      throw new UsageError(
        `${option} can't be ${JSON.stringify(name)}: it must be some of ${known.join(', ')}.`,
      )
    }
    return found
  })
}

function numbers(option: string, given: string): number[] {
  return given.split(',').map((text) => {
    const value = numberOf(option, text, 1, MOST_CONNECTIONS)
    if (!Number.isInteger(value)) throw wrongNumber(option, text, 'whole numbers')
    return value
  })
}

function numberOf(option: string, given: string, least: number, most: number): number {
  const value = given.trim() === '' ? Number.NaN : Number(given)
  if (value >= least && value <= most) return value
  throw wrongNumber(option, given, `a number from ${least} to ${most}`)
}

function wrongNumber(option: string, given: string, right: string): UsageError {
  return new UsageError(`${option} can't be ${JSON.stringify(given)}: it must be ${right}.`)
}

function names(some: readonly { readonly name: string }[]): string[] {
  return some.map(({ name }) => name)
}
