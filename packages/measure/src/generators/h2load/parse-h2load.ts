import { MeasureError } from '../../errors'
import type { LoadResult } from '../load-generator'

/** The output of h2load. Its duration includes the warm-up. */
export interface H2loadReport
  extends Pick<LoadResult, 'duration' | 'requests' | 'latency' | 'tlsCipher'> {
  /** The received octets, without those of TLS; null if unknown. */
  readonly traffic: { readonly total: number; readonly body: number } | null
}

/**
 * Parses the output of h2load: the text of version 1.52 and later, or the JSON of later versions.
 *
 * @throws MeasureError `GENERATOR_FAILED` with the end of the output if it is neither
 */
export function parseH2load(output: string): H2loadReport {
  const start = output.indexOf('{')
  // Text before JSON is progress. The text format contains no brace.
  if (start !== -1) return parseJson(output.slice(start))
  return parseText(output)
}

function parseText(output: string): H2loadReport {
  const finished = /^finished in (\d{1,15}(?:\.\d+)?)(us|ms|s|m|h)\b/m.exec(output)
  const requests =
    /^requests: (\d{1,15}) total, \d+ started, (\d{1,15}) done, (\d{1,15}) succeeded, (\d{1,15}) failed, (\d{1,15}) errored, (\d{1,15}) timeout/m.exec(
      output,
    )
  if (finished === null || requests === null) throw notUnderstood(output)
  const [, , done, succeeded, failed, errored, timedOut] = requests.map(Number)
  return {
    duration: inMicroseconds(finished[1]!, finished[2]!) / 1e6,
    requests: {
      total: done!,
      succeeded: succeeded!,
      failed: failed!,
      errored: errored!,
      timedOut: timedOut!,
    },
    latency: latencyOf(textColumns(output)),
    tlsCipher: cipherOf(output),
    traffic: trafficOf(output),
  }
}

/** The row `time for request` (later just `request`), by the names of its columns. */
function textColumns(output: string): Record<string, number> {
  const names = /^[ \t]+(min\b.*)$/m.exec(output)?.[1]?.split(/\s{2,}/) ?? []
  const row = /^(?:time for )?request\s*:\s*(.*)$/m.exec(output)?.[1]?.split(/\s+/) ?? []
  const columns: Record<string, number> = {}
  names.forEach((name, index) => {
    const time = timeOf(row[index])
    if (time !== null) columns[name.trim()] = time
  })
  return columns
}

function latencyOf(columns: Record<string, number>): LoadResult['latency'] {
  const column = (...names: string[]) =>
    names.map((name) => columns[name]).find((value) => value !== undefined) ?? null
  return {
    mean: column('mean'),
    p50: column('p50', 'median'),
    p90: column('p90'),
    p99: column('p99'),
    p999: column('p99.9', 'p999'),
    max: column('max'),
  }
}

function trafficOf(output: string): H2loadReport['traffic'] {
  const [, total, body] = /^traffic: \S+ \((\d+)\) total.*\((\d+)\) data$/m.exec(output) ?? []
  return total === undefined ? null : { total: Number(total), body: Number(body) }
}

function cipherOf(output: string): string | null {
  const protocol = /^TLS Protocol: (.+)$/m.exec(output)?.[1]
  const cipher = /^Cipher: (.+)$/m.exec(output)?.[1]
  return protocol === undefined ? null : `${protocol.trim()} ${cipher?.trim() ?? ''}`.trim()
}

const MICROSECONDS = { us: 1, ms: 1e3, s: 1e6, m: 60e6, h: 3600e6 } as const

function inMicroseconds(number: string, unit: string): number {
  return Number(number) * MICROSECONDS[unit as keyof typeof MICROSECONDS]
}

/**
 * The JSON contains the numbers of the text under the same names, such as `requests.succeeded`. Versions differ in
 * their depth, and in whether a time is a number of seconds or a text with its unit. Both are accepted.
 */
function parseJson(json: string): H2loadReport {
  let report: unknown
  try {
    report = JSON.parse(json)
  } catch {
    throw notUnderstood(json)
  }
  const requests = objectAt(report, 'requests')
  const count = (name: string) => numberOf(requests?.[name])
  const duration = timeOf(find(report, ['duration', 'finished_in', 'elapsed', 'time']))
  const done = count('done') ?? count('total')
  const succeeded = count('succeeded')
  if (duration === null || done === null || succeeded === null) throw notUnderstood(json)
  const times = objectAt(report, 'request') ?? objectAt(report, 'time_for_request') ?? {}
  const columns: Record<string, number> = {}
  for (const [name, value] of Object.entries(times)) {
    const time = timeOf(value)
    if (time !== null) columns[name] = time
  }
  return {
    duration: duration / 1e6,
    requests: {
      total: done,
      succeeded,
      failed: count('failed') ?? 0,
      errored: count('errored') ?? 0,
      timedOut: count('timeout') ?? 0,
    },
    latency: latencyOf(columns),
    tlsCipher: textOf(find(report, ['cipher'])),
    traffic: null,
  }
}

type JsonObject = Record<string, unknown>

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The first value with one of the names, at the top level or one below. */
function find(report: unknown, names: readonly string[]): unknown {
  if (!isObject(report)) return undefined
  for (const level of [report, ...Object.values(report).filter(isObject)]) {
    for (const name of names)
      if (level[name] !== undefined && !isObject(level[name])) return level[name]
  }
  return undefined
}

function objectAt(report: unknown, name: string): JsonObject | undefined {
  if (!isObject(report)) return undefined
  for (const level of [report, ...Object.values(report).filter(isObject)]) {
    const value = level[name]
    if (isObject(value)) return value
  }
  return undefined
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

/** In microseconds. A bare number is in seconds. */
function timeOf(value: unknown): number | null {
  if (typeof value === 'number') return numberOf(value * 1e6)
  const text =
    typeof value === 'string' ? /^(\d{1,15}(?:\.\d+)?)\s*(us|ms|s|m|h)$/.exec(value) : null
  return text === null ? null : inMicroseconds(text[1]!, text[2]!)
}

function notUnderstood(output: string): MeasureError {
  return new MeasureError(
    'GENERATOR_FAILED',
    `h2load printed no result that is understood; its output ends: ${output.trim().slice(-500) || '(nothing)'}`,
  )
}
