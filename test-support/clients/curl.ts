import { runProgram } from '../run-program'

/** A response as curl understood it. */
export interface CurlResponse {
  /** Such as `2` or `1.1`. */
  readonly httpVersion: string
  readonly status: number
  readonly body: string
}

/**
 * Makes one request with curl, which uses HTTP/2 from the start.
 *
 * @param args further arguments, such as `--head`
 * @throws Error with curl's message if it fails
 */
export async function curl(url: string, ...args: readonly string[]): Promise<CurlResponse> {
  const http2 = url.startsWith('https:') ? '--http2' : '--http2-prior-knowledge'
  const { code, stdout, stderr } = await runProgram('curl', [
    '--silent',
    '--show-error',
    '--insecure',
    '--max-time',
    '20',
    http2,
    '--write-out',
    '\n%{http_version} %{http_code}',
    ...args,
    url,
  ])
  if (code !== 0) throw new Error(`curl ended with ${code}: ${stderr}`)
  const end = stdout.lastIndexOf('\n')
  const [httpVersion = '', status] = stdout.slice(end + 1).split(' ')
  return { httpVersion, status: Number(status), body: stdout.slice(0, end) }
}
