import { MeasureError } from '../errors'
import { embedded } from './embedded'
import { h2load } from './h2load/h2load'
import type { LoadGenerator } from './load-generator'

/** The load generators, best known first. */
export const GENERATORS: readonly LoadGenerator[] = [embedded, h2load]

export type GeneratorChoice = 'auto' | LoadGenerator['name']

export const GENERATOR_CHOICES: readonly GeneratorChoice[] = [
  'auto',
  ...GENERATORS.map(({ name }) => name),
]

/**
 * Chooses a generator: the one asked for, or for `auto` the first that can be used here.
 *
 * @param choice a name, or a generator made by {@link generatorFrom}
 * @throws MeasureError `GENERATOR_FAILED` if the one asked for can't be used
 */
export async function chooseGenerator(
  choice: GeneratorChoice | LoadGenerator,
): Promise<{ readonly generator: LoadGenerator; readonly version: string }> {
  const name = typeof choice === 'string' ? choice : choice.name
  const candidates =
    typeof choice === 'string'
      ? GENERATORS.filter((generator) => choice === 'auto' || choice === generator.name)
      : [choice]
  let reason = ''
  for (const generator of candidates) {
    const availability = await generator.availability()
    if (availability.state === 'available') return { generator, version: availability.version }
    reason = availability.reason
  }
  throw new MeasureError('GENERATOR_FAILED', `The load generator ${name} can't be used: ${reason}.`)
}
