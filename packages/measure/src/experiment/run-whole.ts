import { Attempt, failed, hasTimedOut } from './attempt'
import type { Experiment, WholeSimulator } from './experiment'
import type { AttemptOutcome } from './run-options'

/**
 * Runs a complete trial, and repeats it once if it took too long.
 *
 * @param onRepeat called before the second attempt
 */
export async function runWhole<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  simulator: WholeSimulator<Variables, World>,
  variables: Variables,
  signal: AbortSignal,
  onRepeat: (error: Error) => void,
): Promise<AttemptOutcome | 'aborted'> {
  const first = await attempt(experiment, simulator, variables, signal)
  if (first === 'aborted' || !hasTimedOut(first)) return first
  onRepeat(first.error)
  const second = await attempt(experiment, simulator, variables, signal)
  return second === 'aborted' ? second : { ...second, repeatedAfter: first.error }
}

async function attempt<Variables extends object, World>(
  experiment: Experiment<Variables, World>,
  simulator: WholeSimulator<Variables, World>,
  variables: Variables,
  signal: AbortSignal,
): Promise<AttemptOutcome | 'aborted'> {
  const startedAt = new Date()
  let one: Attempt<Variables, World> | undefined
  try {
    one = await Attempt.prepare(experiment, variables)
    await simulator.run(one.world, one.phases, signal)
    return await one.completed()
  } catch (error) {
    return signal.aborted ? 'aborted' : failed(startedAt, error)
  } finally {
    await one?.dispose()
  }
}
