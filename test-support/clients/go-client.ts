import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Finished, runProgram } from '../run-program'
import { temporaryFolder } from '../temporary-folder'

/** The result of a download by Go's HTTP/2 client. */
export interface GoDownload {
  readonly octets: number
  readonly seconds: number
}

/**
 * Downloads a URL with Go's `golang.org/x/net/http2` and reads the body in pieces.
 *
 * @param piece the size of each read, in octets
 * @throws Error with Go's message if the download fails
 */
export async function downloadWithGo(url: string, piece: number): Promise<GoDownload> {
  const program = join(await temporaryFolder(), 'download')
  // Go caches the build, so the second one takes a tenth of a second.
  check(await runProgram('go', ['build', '-o', program, SOURCE], { env: ENVIRONMENT }), 'go build')
  const result = await runProgram(program, [url, String(piece)])
  check(result, 'The client in Go')
  const [octets, seconds] = result.stdout.split(' ').map(Number) as [number, number]
  return { octets, seconds }
}

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

const SOURCE = here('./go/download.go')

/** Where Debian's package golang-golang-x-net-dev puts the library's source. */
const GOPATH = '/usr/share/gocode'

/** What a test with {@link downloadWithGo} needs in addition to the program `go`. */
export const GO_HTTP2 = `${GOPATH}/src/golang.org/x/net/http2`

const ENVIRONMENT = {
  GO111MODULE: 'off',
  GOPATH,
  GOCACHE: here('../../node_modules/.cache/go-build'),
}

function check({ code, stderr }: Finished, what: string): void {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${stderr.trim()}`)
}
