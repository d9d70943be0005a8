import type { MeasureErrorCode } from '../../errors'
import type { Load, LoadResult } from '../load-generator'

/*
 * What the measuring process and the embedded generator's process say to each other. The
 * load comes as JSON in the process's first argument.
 */

export type EmbeddedLoad = Load

export type FromEmbeddedProcess =
  | { readonly type: 'measure-start' }
  | { readonly type: 'measure-end' }
  | { readonly type: 'result'; readonly result: LoadResult }
  | {
      readonly type: 'failed'
      readonly code: Extract<MeasureErrorCode, 'GENERATOR_FAILED' | 'TIMED_OUT'>
      readonly message: string
    }
