import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { writeIntoDocs } from '../report/docs'
import { cellOf, tableOf } from '../report/table'
import type { Outcome, Result } from '../trial/outcome'

type MeasuredResult = Extract<Result, { kind: 'measured' }>

/** As far as the table shows it. */
const measurements = { othersShare: 0.1 } as MeasuredResult['measurements']

function outcome(server: string, result: Result, connections = 1): Outcome {
  return { attack: 'idle', connections, server, result }
}

const OUTCOMES = [
  outcome('one', { kind: 'measured', broken: [], measurements }),
  outcome('two', { kind: 'not-tried', reason: 'it has no TLS' }),
  outcome(
    'one',
    {
      kind: 'measured',
      broken: [
        { promise: 'neighbour-latency', figure: 'p99 60 ms' },
        { promise: 'memory-growth', figure: '+17 MiB' },
      ],
      measurements,
    },
    1000,
  ),
  outcome('two', { kind: 'failed', reason: 'two has ended' }, 1000),
]

const TABLE = `| attack       | one                        | two                   |
| ------------ | -------------------------- | --------------------- |
| idle x 1     | kept                       | -                     |
| idle x 1,000 | broken: p99 60 ms; +17 MiB | failed: two has ended |`

test('The table has a row for each attack and number of connections, and a column for each server', () => {
  expect(tableOf(OUTCOMES)).toBe(TABLE)
})

test('A machine that others used is named where it may have broken the promise', () => {
  const busy = { ...measurements, othersShare: 0.4 }
  const late = { promise: 'neighbour-latency', figure: 'p99 60 ms' } as const
  const large = { promise: 'memory-growth', figure: '+17 MiB' } as const
  const cells = [[late, large], [large]].map((broken) =>
    cellOf(outcome('one', { kind: 'measured', broken, measurements: busy })),
  )
  expect(cells).toEqual([
    'broken: p99 60 ms; +17 MiB (others had 40 % of the processors)',
    'broken: +17 MiB',
  ])
})

test('What was measured last counts', () => {
  const again = outcome('one', { kind: 'measured', broken: [], measurements }, 1000)
  expect(tableOf([...OUTCOMES, again])).not.toContain('broken')
})

test('The table is written between its markers, as often as wanted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'h2lab-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'security.md')
  writeFileSync(file, readFileSync(new URL('../../docs/security.md', import.meta.url), 'utf8'))
  writeIntoDocs(file, TABLE)
  const once = readFileSync(file, 'utf8')
  writeIntoDocs(file, TABLE)
  expect(once).toContain(`-->\n\n${TABLE}\n\n<!--`)
  expect(readFileSync(file, 'utf8')).toBe(once)
  writeFileSync(file, 'no markers\n')
  expect(() => writeIntoDocs(file, TABLE)).toThrow('lacks the line <!-- attack table')
})
