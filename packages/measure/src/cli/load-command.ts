import type { CAC, Command } from 'cac'
import { load } from './load'
import { LOAD_DEFAULTS, type LoadFlags } from './load-settings'

/** Describes `h2lab load`. */
export function loadCommand(cli: CAC): Command {
  const { connections, streams, duration, warmup, timeout, seed, threads } = LOAD_DEFAULTS
  return cli
    .command('load [...urls]', 'Put load on a server and measure its answers')
    .option('-c, --connections <count>', `Connections at once (default: ${connections})`)
    .option(
      '-m, --streams <count>',
      `Requests in flight on each: streams, or pipelined in HTTP/1.1 (default: ${streams})`,
    )
    .option('-d, --duration <seconds>', `How long requests are sent (default: ${duration})`)
    .option('-n, --requests <count>', 'How many are sent, instead')
    .option(
      '--rate <rate>',
      'Requests a second, whatever the server does, as 1000, or 1000..50000 for a ramp',
    )
    .option('--arrivals <kind>', 'How they are spaced: constant or poisson (default: constant)')
    .option('--warmup <seconds>', `How long to load before that, not counted (default: ${warmup})`)
    .option(
      '--timeout <seconds>',
      `How long the last answers may take when all is sent (default: ${timeout})`,
    )
    .option('--weights <numbers>', 'How often each URL is asked for, as 3,1 (default: 1 each)')
    .option('--seed <number>', `Of the order of URLs and Poisson arrivals (default: ${seed})`)
    .option('--method <name>', 'Method of the requests (default: GET, or POST with --body)')
    .option('-H, --header <field>', "A header field, as 'accept: text/html'; may be given again")
    .option('--body <file>', 'What each request sends')
    .option('--http <version>', 'h2 or http/1.1 (default: as ALPN says; h2 without TLS)')
    .option('--threads <count>', `Processes that make the load (default: ${threads})`)
    .option('--workers <commands>', "Make the load elsewhere, as --workers 'ssh box1' 'ssh box2'")
    .option(
      '--worker-command <command>',
      `What each of them runs there (default: ${LOAD_DEFAULTS.workerCommand})`,
    )
    .option('--i-own-this-target', 'Load a server that is not on a loopback address')
    .option('--json', 'Print JSON instead of the summary')
    .option('--worker', 'Make load for another h2lab: what --workers runs')
    .example('h2lab load https://127.0.0.1:8443/ -c 5 -m 100 -d 10')
    .example('h2lab load https://127.0.0.1:8443/ -c 50 -m 10 --rate 20000 --arrivals poisson')
    .example('h2lab load http://127.0.0.1:8080/a http://127.0.0.1:8080/b --weights 3,1 -n 10000')
    .example("h2lab load https://box/ -c 64 --workers 'ssh load1' 'ssh load2' --i-own-this-target")
    .usage('load <url...> [options]')
    .action((urls: readonly string[], flags: LoadFlags) => load(urls, flags))
}
