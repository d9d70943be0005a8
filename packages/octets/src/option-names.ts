/** The names of the options that something takes. An option that is an object has names of its own. */
export interface OptionNames {
  readonly [name: string]: true | OptionNames
}

/** The names of all options of a type: the compiler says which one is missing or unknown. */
export type OptionNamesOf<Options> = {
  readonly [Name in keyof Required<Options>]: true | OptionNames
}

/**
 * Looks for an option that does not exist, such as a misspelt one, which would be ignored otherwise.
 *
 * @param options what was given; `undefined` is no options
 * @param names what exists. A value of another kind than an object is not looked into: whether it is
 *   right is for the check of that option to say
 * @param path the option whose options these are, such as `tls`; empty for those of a function
 * @returns what is wrong and which option was probably meant; undefined if all exist
 */
export function unknownOption(options: unknown, names: OptionNames, path = ''): string | undefined {
  if (options === undefined) return undefined
  if (!isObject(options)) {
    return `The options are an object, not ${describe(options)}. They may have ${listOf(names)}.`
  }
  for (const [name, value] of Object.entries(options)) {
    const known = Object.hasOwn(names, name) ? names[name] : undefined
    if (known === undefined) return describeUnknown(name, names, path)
    if (known === true || !isObject(value)) continue
    const nested = unknownOption(value, known, path === '' ? name : `${path}.${name}`)
    if (nested !== undefined) return nested
  }
  return undefined
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** Never the contents of a text: it may be a secret in the wrong place. */
function describe(value: unknown): string {
  if (typeof value === 'string') return 'a string'
  return typeof value === 'function' ? 'a function' : String(value)
}

function describeUnknown(name: string, names: OptionNames, path: string): string {
  const prefix = path === '' ? '' : `${path}.`
  const nearest = nearestName(name, Object.keys(names))
  if (nearest !== undefined) {
    return `There is no option ${prefix}${name}. Did you mean ${prefix}${nearest}?`
  }
  const whose = path === '' ? 'The options' : `The options of ${path}`
  return `There is no option ${prefix}${name}. ${whose} are ${listOf(names)}.`
}

function listOf(names: OptionNames): string {
  return Object.keys(names).join(', ')
}

/** A name that contains the other one is near if that is at least as long as this. */
const SHORTEST_PART = 4

/** The name that was probably meant; undefined if none is near. */
function nearestName(name: string, known: readonly string[]): string | undefined {
  let nearest: string | undefined
  let shortest = Number.POSITIVE_INFINITY
  for (const candidate of known) {
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase())
    if (distance < shortest && isNear(name, candidate, distance)) {
      nearest = candidate
      shortest = distance
    }
  }
  return nearest
}

/** One error in three letters, or one name is a part of the other. */
function isNear(name: string, candidate: string, distance: number): boolean {
  if (distance <= Math.max(name.length, candidate.length) / 3) return true
  const [shorter, longer] = name.length < candidate.length ? [name, candidate] : [candidate, name]
  return shorter.length >= SHORTEST_PART && longer.toLowerCase().includes(shorter.toLowerCase())
}

/**
 * How many letters have to be inserted, deleted, replaced or swapped with their neighbour to make one
 * text of the other: the optimal string alignment distance.
 */
function editDistance(from: string, to: string): number {
  const rows: number[][] = [Array.from({ length: to.length + 1 }, (_, column) => column)]
  for (let i = 1; i <= from.length; i++) {
    const row = [i]
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1]
      let best = Math.min(
        rows[i - 1]![j]! + 1,
        row[j - 1]! + 1,
        rows[i - 1]![j - 1]! + (same ? 0 : 1),
      )
      const swapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]
      if (swapped) best = Math.min(best, rows[i - 2]![j - 2]! + 1)
      row.push(best)
    }
    rows.push(row)
  }
  return rows[from.length]![to.length]!
}
