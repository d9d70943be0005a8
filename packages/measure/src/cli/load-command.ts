import type { CAC, Command } from 'cac'
import { load } from './load'
import { LOAD_DEFAULTS, type LoadFlags } from './load-settings'

/** Defines `h2lab load`. */
export function loadCommand(cli: CAC): Command {
  const { connections, streams, duration, warmup, timeout, seed, threads } = LOAD_DEFAULTS
  return cli
    .command('load [...urls]', 'Put load on a server and measure its answers')
    .option('-c, --connections <count>', `Simultaneous connections (default: ${connections})`)
    .option(
      '-m, --streams <count>',
      `Requests in flight on each: streams, or pipelined in HTTP/1.1 (default: ${streams})`,
    )
    .option('-d, --duration <seconds>', `How long requests are sent (default: ${duration})`)
    .option('-n, --requests <count>', 'How many requests are sent, instead of --duration')
    .option(
      '--rate <rate>',
      'Requests per second regardless of the answers, such as 1000, or 1000..50000 for a ramp',
    )
    .option('--arrivals <kind>', 'How requests are spaced: constant or poisson (default: constant)')
    .option('--warmup <seconds>', `How long to load before measuring (default: ${warmup})`)
    .option('--timeout <seconds>', `How long to wait for the last answers (default: ${timeout})`)
    .option('--weights <numbers>', 'Relative frequency of each URL, such as 3,1 (default: 1 each)')
    .option('--seed <number>', `Seed for the order of URLs and Poisson arrivals (default: ${seed})`)
    .option('--method <name>', 'Method of the requests (default: GET, or POST with --body)')
    .option('-H, --header <field>', "Header field, such as 'accept: text/html'; repeatable")
    .option('--body <file>', 'File to send as the body of each request')
    .option('--http <version>', 'h2 or http/1.1 (default: as negotiated by ALPN; h2 without TLS)')
    .option('--threads <count>', `Processes that generate the load (default: ${threads})`)
    .option(
      '--workers <commands>',
      "Generate the load elsewhere, such as --workers 'ssh box1' 'ssh box2'",
    )
    .option(
      '--worker-command <command>',
      `Command that each worker runs (default: ${LOAD_DEFAULTS.workerCommand})`,
    )
    .option('--i-own-this-target', 'Allow a server that is not on a loopback address')
    .option('--json', 'Print JSON instead of the summary')
    .option('--worker', 'Generate load for another h2lab, started by --workers')
    .example('h2lab load https://127.0.0.1:8443/ -c 5 -m 100 -d 10')
    .example('h2lab load https://127.0.0.1:8443/ -c 50 -m 10 --rate 20000 --arrivals poisson')
    .example('h2lab load http://127.0.0.1:8080/a http://127.0.0.1:8080/b --weights 3,1 -n 10000')
    .example("h2lab load https://box/ -c 64 --workers 'ssh load1' 'ssh load2' --i-own-this-target")
    .usage('load <url...> [options]')
    .action((urls: readonly string[], flags: LoadFlags) => load(urls, flags))
}
