import type { AnswerCheck } from '../answer-check/check-answer'
import { MeasureError } from '../errors'
import type { Target } from '../targets/target'
import { findTarget } from '../targets/targets'

/**
 * Returns the target of that name.
 *
 * @throws MeasureError `TARGET_UNAVAILABLE` if there is none
 */
export function knownTarget(name: string, targets: readonly Target[]): Target {
  const target = findTarget(name, targets)
  if (target !== undefined) return target
  const names = targets.map((one) => one.name).join(', ')
  throw new MeasureError(
    'TARGET_UNAVAILABLE',
    `There is no target ${JSON.stringify(name)}: it must be one of ${names}.`,
  )
}

/** The expected answer of a target to GET /. */
export function expectedAnswer({ kind, answer }: Target): NonNullable<AnswerCheck['body']> {
  return answer ?? (kind === 'remote' ? 'any' : 'hello-world')
}
