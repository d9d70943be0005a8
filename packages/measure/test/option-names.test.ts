import { devTls } from '@h2lab/tls-context'
import {
  describeMisspeltOptions,
  type MisspeltCall,
} from '../../../test-support/suites/misspelt-options-suite'
import {
  checkAnswer,
  compareInTurns,
  defineClip,
  defineExperiment,
  embedded,
  loadedServer,
  processTarget,
  runExperiment,
  SWEEP_DEFAULTS,
  serversInTurns,
  sweep,
} from '../src'

const tls = await devTls()
const load = { generator: embedded, tls, duration: 1, warmup: 0 }
const whole = { kind: 'whole', generator: embedded } as const
const experiment = sweep(SWEEP_DEFAULTS, whole, tls)
const [clip] = experiment.clips

const MISSPELT: readonly MisspeltCall[] = [
  [
    'runExperiment',
    () => runExperiment(experiment, { repat: 2 } as never).next(),
    'repat',
    'repeat',
  ],
  ['loadedServer', () => loadedServer({ ...load, warmUp: 1 } as never), 'warmUp', 'warmup'],
  [
    'serversInTurns',
    () => serversInTurns({ tls, duration: 1, slize: 1 } as never),
    'slize',
    'slice',
  ],
  [
    'checkAnswer',
    () => checkAnswer('http://127.0.0.1:1/', 'h2', { bodi: 'any' } as never),
    'bodi',
    'body',
  ],
  [
    'sweep',
    () => sweep({ ...SWEEP_DEFAULTS, stream: [1] } as never, whole, tls),
    'stream',
    'streams',
  ],
  [
    'defineExperiment',
    () => defineExperiment({ ...experiment, isPiont: () => true } as never),
    'isPiont',
    'isPoint',
  ],
  [
    'processTarget',
    () => processTarget({ name: 'mine', script: 'mine.js', sever: 'x' } as never),
    'sever',
    'server',
  ],
  ['compareInTurns', () => compareInTurns({ contest: [] } as never), 'contest', 'contests'],
  ['defineClip', () => defineClip({ ...clip, colums: {} } as never), 'colums', 'columns'],
]

describeMisspeltOptions(MISSPELT, { name: 'MeasureError', code: 'USAGE' })
