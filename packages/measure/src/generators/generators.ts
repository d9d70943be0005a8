import { MeasureError } from '../errors'
import { embedded } from './embedded'
import { h2load } from './h2load/h2load'
import type { LoadGenerator } from './load-generator'

/** The load generators, the default first. */
export const GENERATORS: readonly LoadGenerator[] = [embedded, h2load]

export type GeneratorChoice = LoadGenerator['name']

export const GENERATOR_CHOICES: readonly GeneratorChoice[] = GENERATORS.map(({ name }) => name)

/**
 * Finds the requested generator.
 *
 * @param choice a name, or a generator made by {@link generatorFrom}
 * @throws MeasureError `GENERATOR_FAILED` if it can't be used
 */
export async function chooseGenerator(
  choice: GeneratorChoice | LoadGenerator,
): Promise<{ readonly generator: LoadGenerator; readonly version: string }> {
  const generator =
    typeof choice === 'string' ? GENERATORS.find(({ name }) => name === choice)! : choice
  const availability = await generator.availability()
  if (availability.state === 'available') return { generator, version: availability.version }
  throw new MeasureError(
    'GENERATOR_FAILED',
    `The load generator ${generator.name} can't be used: ${availability.reason}.`,
  )
}
