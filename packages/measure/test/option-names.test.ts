import { devTls } from '@h2lab/tls-context'
import { expect, test } from 'vitest'
import {
  checkAnswer,
  defineClip,
  defineExperiment,
  embedded,
  loadedServer,
  runExperiment,
  SWEEP_DEFAULTS,
  sweep,
} from '../src'

const tls = await devTls()
const load = { generator: embedded, tls, duration: 1, warmup: 0 }
const experiment = sweep(SWEEP_DEFAULTS, embedded, tls)
const [clip] = experiment.clips

/** A call with an option that does not exist, as programs without types make it. */
const MISSPELT: readonly (readonly [
  name: string,
  call: () => unknown,
  unknown: string,
  meant: string,
])[] = [
  [
    'runExperiment',
    () => runExperiment(experiment, { repat: 2 } as never).next(),
    'repat',
    'repeat',
  ],
  ['loadedServer', () => loadedServer({ ...load, warmUp: 1 } as never), 'warmUp', 'warmup'],
  [
    'checkAnswer',
    () => checkAnswer('http://127.0.0.1:1/', 'h2', { bodi: 'any' } as never),
    'bodi',
    'body',
  ],
  [
    'sweep',
    () => sweep({ ...SWEEP_DEFAULTS, stream: [1] } as never, embedded, tls),
    'stream',
    'streams',
  ],
  [
    'defineExperiment',
    () => defineExperiment({ ...experiment, isPiont: () => true } as never),
    'isPiont',
    'isPoint',
  ],
  ['defineClip', () => defineClip({ ...clip, colums: {} } as never), 'colums', 'columns'],
]

test.each(MISSPELT)('%s refuses an option that does not exist', async (_, call, unknown, meant) => {
  await expect(async () => call()).rejects.toMatchObject({
    name: 'MeasureError',
    code: 'USAGE',
    message: `There is no option ${unknown}. Did you mean ${meant}?`,
  })
})
