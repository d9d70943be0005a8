import { type CAC, type Command, cac } from 'cac'
import { EXPERIMENTS } from '../experiments/experiments'
import { QUICK_SWEEP, SWEEP_DEFAULTS, WHOLE_SWEEP } from '../experiments/sweep'
import { GENERATOR_CHOICES } from '../generators/generators'
import { PEERS } from '../peers/peers'
import { compare } from './compare'
import { COMPARE_DEFAULTS, type CompareFlags } from './compare-settings'
import { listing, listingText } from './list'
import { loadCommand } from './load-command'
import { ownVersion } from './own-version'
import {
  DEFAULT_PLAN,
  PRECISION_BUDGET,
  QUICK_PLAN,
  type RepetitionPlan,
} from './repetition-settings'
import { type ReportFlags, report } from './report'
import { run } from './run'
import type { RunFlags } from './run-settings'
import { type ServeFlags, serve } from './serve'

const WIDE = 'Show all columns of the table, even if the terminal is too narrow'

const BUDGET =
  `How long to repeat, in minutes (default: ${minutesOf(DEFAULT_PLAN)}; ` +
  `with --precision: ${PRECISION_BUDGET})`

const GENERATOR =
  `${GENERATOR_CHOICES.join(' or ')}: all servers in turns, or trials one after the other ` +
  '(default: embedded)'

const QUICK =
  `A first look: a budget of ${minutesOf(QUICK_PLAN)} minutes, each server measured for ` +
  `${QUICK_SWEEP.duration} s, unless said otherwise`

const OPEN_NAMES = EXPERIMENTS.filter(({ loop }) => loop === 'open')
  .map(({ name }) => name)
  .join(' and ')

function minutesOf(plan: RepetitionPlan): number | undefined {
  return plan.kind === 'budget' ? plan.minutes : undefined
}

/** Defines all commands. Each action returns the exit code. */
export function commands(): CAC {
  const cli = cac('h2lab')
  cli.help()
  cli.version(ownVersion())
  listCommand(cli)
  serveCommand(cli)
  runCommand(cli)
  loadCommand(cli)
  reportCommand(cli)
  compareCommand(cli)
  return cli
}

function listCommand(cli: CAC): Command {
  return cli
    .command('list', 'Show implementations, peers, experiments, clips and load generators')
    .option('--json', 'Print JSON')
    .action(async ({ json }: { readonly json?: boolean }) => {
      const all = await listing()
      process.stdout.write(json ? `${JSON.stringify(all, undefined, 2)}\n` : listingText(all))
      return 0
    })
}

function serveCommand(cli: CAC): Command {
  return cli
    .command('serve <implementation>', 'Serve until SIGINT or SIGTERM')
    .option('--tls', 'Serve TLS (default); --no-tls: plain TCP')
    .option('--port <port>', 'Port to listen on; 0 for any free port (default: 8443)')
    .option('--host <host>', 'Name or address to listen on (default: 127.0.0.1)')
    .option('--app <file>', 'Module whose default export answers (default: Hello World)')
    .option('--cert <file>', 'Certificate, PEM (default: one for development)')
    .option('--key <file>', 'Its private key, PEM')
    .option(
      '--dev-certificate-anywhere',
      'Use the development certificate also if other machines can reach --host',
    )
    .example('h2lab serve async/mini --port 0')
    .action((implementation: string, flags: ServeFlags) => serve(implementation, flags))
}

function runCommand(cli: CAC): Command {
  const { duration, warmup, streams } = SWEEP_DEFAULTS
  return cli
    .command('run [experiment]', 'Run an experiment: progress, table, data, charts, report')
    .option(
      '--implementations <names>',
      'Implementations, separated by commas (default: all available)',
    )
    .option(
      '--peers <names>',
      `Other servers to measure: auto (all that are installed), none, or some of ${PEERS.map(({ name }) => name).join(',')} (default: none)`,
    )
    .option('--target <url>', 'A running server to measure, alone or with the others')
    .option(
      '--target-http <version>',
      'Its protocol, h2 or http/1.1 (default: as negotiated by ALPN)',
    )
    .option('--clients <counts>', 'Simultaneous connections, such as 1,5')
    .option('--tls <which>', 'on, off or both')
    .option('--streams <counts>', `Requests in flight per client (default: ${streams.join(',')})`)
    .option(
      '--duration <seconds>',
      `How long each server is measured in a repetition (default: ${duration}; h2load: ${WHOLE_SWEEP.duration})`,
    )
    .option(
      '--warmup <seconds>',
      `How long each server is warmed up at most (default: ${warmup}; h2load: ${WHOLE_SWEEP.warmup})`,
    )
    .option('--budget <minutes>', BUDGET)
    .option('--precision <percent>', 'Repeat until the intervals are this narrow, such as 5%')
    .option('--repeat <times>', 'How many repetitions of each point, instead of a budget')
    .option(
      '--rates <rates>',
      `${OPEN_NAMES}: requests per second offered, such as 1000,5000 (default: chosen by a probe of each server)`,
    )
    .option('--generator <name>', GENERATOR)
    .option('--generator-command <command>', "Run h2load elsewhere, such as 'ssh box h2load'")
    .option('--out <folder>', 'Where to save (default: results/<time stamp>-<experiment>)')
    .option('--json', 'Print the trials as JSON instead of the table')
    .option('--wide', WIDE)
    .option('--quick', QUICK)
    .option('--seed <number>', 'Seed for the order of the turns (default: random)')
    .option('--pin', 'Run the generator and the servers on different CPUs')
    .option('--force', 'Measure even if another run is measuring on this machine')
    .example('h2lab run --quick --implementations async/mini,node-http2')
    .example('h2lab run --clients 1,5 --tls both --streams 1,10,100 --precision 5%')
    .example('h2lab run --quick --peers auto')
    .example('h2lab run latency --implementations async/http2,node-http2')
    .example('h2lab run equal-rate --rates 1000,5000')
    .example('h2lab run --target https://box:8443/ --generator h2load')
    .usage(
      'run [experiment] [options]\n\n' +
        `${EXPERIMENTS.map(({ name, title }) => `${name}: ${title}`).join('\n')}\n\n` +
        `${OPEN_NAMES}: 5 clients with TLS, unless said otherwise. sweep:\n` +
        'Without --clients and --tls: 1 and 5 clients with TLS.\n' +
        'With either: each number of clients (default: 1,5) with each TLS (default: on).',
    )
    .action((experiment: string | undefined, flags: RunFlags) => run(experiment, flags))
}

function reportCommand(cli: CAC): Command {
  return cli
    .command('report <folder>', 'Recreate the table, charts and report from the data of a run')
    .option('--wide', WIDE)
    .example('h2lab report results/2026-11-25T09-52-03-sweep')
    .action((folder: unknown, flags: ReportFlags) => report(String(folder), flags))
}

function compareCommand(cli: CAC): Command {
  const { implementations, clients, streams, budget } = COMPARE_DEFAULTS
  return cli
    .command('compare [a] [b]', 'Compare B with A: two result folders, servers or revisions')
    .option('--revisions <two>', 'Compare git revisions of this repository, such as main,HEAD')
    .option(
      '--implementations <names>',
      `Implementations to compare (default: ${implementations.join(',')})`,
    )
    .option('--clients <counts>', `Simultaneous connections (default: ${clients.join(',')})`)
    .option('--streams <counts>', `Requests in flight per client (default: ${streams.join(',')})`)
    .option('--tls <which>', 'on, off or both (default: on)')
    .option(
      '--precision <percent>',
      'Repeat until the intervals are this narrow (default: 0.4 of --threshold)',
    )
    .option('--budget <minutes>', `How long to repeat at most, in minutes (default: ${budget})`)
    .option('--repeat <times>', 'The most repetitions (default: as many as the budget allows)')
    .option('--threshold <percent>', 'Exit with 1 if B is worse by more than this (default: 5%)')
    .option('--json', 'Print JSON')
    .option('--markdown', 'Print Markdown, for a comment on a pull request')
    .option('--force', 'Compare even if machine, generator or method differ')
    .example('h2lab compare results/before results/after')
    .example('h2lab compare async/http2 async-custom/http2 --streams 1,100')
    .example('h2lab compare --revisions main,HEAD --markdown')
    .action((a: unknown, b: unknown, flags: CompareFlags) => {
      const text = (value: unknown) => (value === undefined ? undefined : String(value))
      return compare(text(a), text(b), flags)
    })
}
