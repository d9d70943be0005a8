import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { h2load, parseH2load, TARGETS } from '../dist/index.js'

/*
 * How many octets each server sends for a response, over plain TCP: their bodies are the same, what
 * is around them is not. h2load counts them on one connection, so what HPACK and the beginning of
 * the connection cost is shared by all requests. TLS adds 22 octets for each record (RFC 8446
 * section 5.2, with the cipher suites that are used here); how many responses share one depends on
 * the load.
 */

const REQUESTS = 10_000
const STREAMS = 10

const availability = await h2load.availability()
if (availability.state === 'unavailable') {
  console.log(`skipped: ${availability.reason}`)
  process.exit()
}

console.log('| server | protocol | octets for a response | of them body |')
console.log('| --- | --- | --: | --: |')
for (const target of TARGETS) {
  const { name, httpVersion } = target
  if ((await target.availability()).state === 'unavailable') continue
  const server = await target.start({ tls: undefined })
  try {
    const { total, body } = await trafficOf(server.url, httpVersion)
    const protocol = httpVersion === 'h2' ? 'HTTP/2' : 'HTTP/1.1'
    console.log(`| \`${name}\` | ${protocol} | ${perRequest(total)} | ${perRequest(body)} |`)
  } finally {
    await server.stop()
  }
}

/** What h2load has received, in octets. */
async function trafficOf(url, httpVersion) {
  const { stdout } = await promisify(execFile)('h2load', [
    ...(httpVersion === 'http/1.1' ? ['--h1'] : []),
    `--requests=${REQUESTS}`,
    '--clients=1',
    `--max-concurrent-streams=${STREAMS}`,
    url,
  ])
  const { requests, traffic } = parseH2load(stdout)
  if (requests.succeeded === REQUESTS && traffic !== null) return traffic
  throw new Error(`${url} did not answer all requests:\n${stdout}`)
}

function perRequest(octets) {
  return (octets / REQUESTS).toFixed(1)
}
