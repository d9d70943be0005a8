import { runProgram } from '../run-program'

/** A response as nghttp understood it. */
export interface NghttpResponse {
  readonly status: number
  /** The length of the body in octets. */
  readonly length: number
}

/** Makes the same request several times on one connection with nghttp. */
export async function nghttp(url: string, requests = 1): Promise<NghttpResponse[]> {
  const args = ['--null-out', '--stat', `--multiply=${requests}`, '--timeout=20', url]
  const { code, stdout, stderr } = await runProgram('nghttp', args)
  if (code !== 0) throw new Error(`nghttp ended with ${code}: ${stderr}`)
  // Such as "13      +1.53ms       +172us   1.36ms  200   12 /": times, status, octets and path.
  const lines = stdout.matchAll(/^\s*\d+\s+\S+\s+\S+\s+\S+\s+(\d{3})\s+(\d+)([KMG]?)\s/gm)
  return Array.from(lines, ([, status, length, unit = '']) => ({
    status: Number(status),
    length: Number(length) * 1024 ** ['', 'K', 'M', 'G'].indexOf(unit),
  }))
}
