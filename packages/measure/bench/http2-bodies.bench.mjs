import { expectAtMost, withInterval } from './support/expectations.mjs'
import { benchTargets, measureInTurns, repetitionsOr } from './support/in-turns.mjs'

/*
 * What bodies cost the server, over TLS with one client x 4 streams: downloads of 1 MiB, uploads of
 * 10 MiB, each beside node:http2.
 *
 *   node bench/http2-bodies.bench.mjs [repetitions]
 */

const MIB = 2 ** 20
const UPLOAD_MIB = 10

/**
 * In shorter slices more bodies would be in flight at the end than are measured; and it takes some seconds until there
 * were enough of them that all is compiled.
 */
const LOAD = { clients: 1, streams: 4, slice: 0.3, duration: 0.9, warmup: 5 }

const repetitions = repetitionsOr(8)
const upload = {
  method: 'POST',
  path: '/',
  headers: [],
  body: Buffer.alloc(UPLOAD_MIB * MIB, 'a').toString('base64'),
  weight: 1,
}

const downloads = await measure('download', 1, LOAD)
expectAtMost('CPU of async/http2 to node-http2', downloads.cpu, 1)
const uploads = await measure('upload', UPLOAD_MIB, { ...LOAD, requests: [upload] })
expectAtMost('CPU of async/http2 to node-http2', uploads.cpu, 0.8)
expectAtMost('throughput of node-http2 to async/http2', uploads.rateOfNode, 1 / 1.3)

async function measure(kind, mib, load) {
  const names = [`node-http2, ${kind}`, `async/http2, ${kind}`]
  const figures = await measureInTurns(benchTargets(names, { answer: 'any' }), load, repetitions)
  console.log(
    `TLS, 1 client x 4 streams, ${kind} of ${mib} MiB; the CPU time is the server's, with 95 % intervals:`,
  )
  console.table(
    Object.fromEntries(
      names.map((name) => [
        name,
        {
          'ms of CPU a MiB': withInterval(scaled(figures.of(name), 1 / 1000 / mib)),
          'MiB a second': withInterval(scaled(figures.of(name, 'requestsPerSecond'), mib)),
        },
      ]),
    ),
  )
  const [node, ours] = names
  return {
    cpu: figures.ratio(ours, node),
    rateOfNode: figures.ratio(node, ours, 'requestsPerSecond'),
  }
}

function scaled({ value, low, high }, factor) {
  return { value: value * factor, low: low * factor, high: high * factor }
}
