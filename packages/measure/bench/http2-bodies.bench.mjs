import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectRatio, loadInTurns } from './support/measured.mjs'

/*
 * What bodies cost the server, over TLS with one client x 4 streams: downloads of 1 MiB, uploads of
 * 10 MiB, each beside node:http2.
 */

const ROUNDS = 12
const UPLOAD_MIB = 10

const folder = await mkdtemp(join(tmpdir(), 'h2lab-bench-'))
const file = join(folder, 'upload')
await writeFile(file, new Uint8Array(UPLOAD_MIB * 2 ** 20).fill(0x61))

try {
  const downloads = await measure('download', { requests: 500, mib: 1 })
  expectRatio('CPU of async/http2 to node-http2', downloads.cpu, 1)
  const uploads = await measure('upload', { requests: 40, mib: UPLOAD_MIB, file })
  expectRatio('CPU of async/http2 to node-http2', uploads.cpu, 0.8)
  expectRatio('throughput of node-http2 to async/http2', 1 / uploads.rate, 1 / 1.3)
} finally {
  await rm(folder, { recursive: true })
}

async function measure(kind, { mib, requests, ...options }) {
  const names = [`node-http2, ${kind}`, `async/http2, ${kind}`]
  const servers = Object.fromEntries(names.map((name) => [name, requests]))
  const results = await loadInTurns(servers, { ...options, clients: 1, streams: 4 }, ROUNDS)
  console.log(`TLS, 1 client x 4 streams, ${kind} of ${mib} MiB; the CPU time is the server's:`)
  console.table(
    Object.fromEntries(
      [...results].map(([name, { cpu, rate }]) => [
        name,
        {
          'ms of CPU a MiB': Number((cpu / 1000 / mib).toFixed(3)),
          'MiB a second': Math.round(rate * mib),
        },
      ]),
    ),
  )
  const [node, ours] = names.map((name) => results.get(name))
  return { cpu: ours.cpu / node.cpu, rate: ours.rate / node.rate }
}
