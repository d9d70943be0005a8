import { build } from 'hdr-histogram-js'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { encodeLatencies } from '../../src/load/latencies'
import { type Tally, tallySchema } from '../../src/load/tally'

const tally: Tally = {
  seconds: 1,
  ...{ started: 5, succeeded: 5, failed: 0, errored: 0, unanswered: 0 },
  statuses: { 200: 5 },
  faults: {},
  ...{ refusals: 0, reconnections: 0, mostInFlight: 1, mostStreams: null, unsent: 0, cpu: 1 },
  latencies: encodeLatencies(build()),
}

test('a tally that comes from elsewhere is taken if its latencies can be read', () => {
  expect(v.safeParse(tallySchema, tally).success).toBe(true)
})

test.each(['', 'no histogram', 'SGlzdG9ncmFt', encodeLatencies(build()).slice(0, 20)])(
  'a tally with the latencies %j is refused',
  (latencies) => {
    expect(v.safeParse(tallySchema, { ...tally, latencies }).success).toBe(false)
  },
)
