// Downloads by clients that send two WINDOW_UPDATE frames for each few octets that they read: whether they
// complete, how fast, and the server's CPU time. Needs the build.
//
//   node bench/window-updates.bench.mjs [megabytes]
import { download } from './chatty-client.mjs'
import { startServer } from './server-process.mjs'

const megabytes = Number(process.argv[2] ?? 1000)
const octets = megabytes * 1e6
// The last is what a client of few words does.
console.log('server, octets of a step, WINDOW_UPDATE frames, MB, MB/s, ms of CPU for 1 MB, end')
const STEPS = [1024, 4096, 8192, 1_048_576]

for (const method of ['async', 'async-custom']) {
  for (const tls of [false, true]) {
    const server = await startServer({ method, protocol: 'http2', tls, app: 'honest-clients' })
    for (const step of STEPS) {
      const before = await server.usage()
      const start = performance.now()
      const result = await download(`${server.url}download?octets=${octets}`, step)
      const seconds = (performance.now() - start) / 1000
      const cpu = ((await server.usage()).cpu - before.cpu) / 1000
      console.log(
        [
          `${method}/http2 ${tls ? 'TLS' : 'plain'}`.padEnd(24),
          `${step}`.padStart(8),
          `${result.updates}`.padStart(8),
          `${(result.octets / 1e6).toFixed(0)}`.padStart(5),
          `${(result.octets / 1e6 / seconds).toFixed(0)}`.padStart(6),
          `${((cpu * 1e6) / result.octets).toFixed(2)}`.padStart(6),
          ` ${result.end}`,
        ].join(' '),
      )
    }
    await server.end()
  }
}
