/** The names of options. An option that is an object has nested names. */
export interface OptionNames {
  readonly [name: string]: true | OptionNames
}

/** The names of all options of a type. The compiler reports missing and unknown ones. */
export type OptionNamesOf<Options> = {
  readonly [Name in keyof Required<Options>]: true | OptionNames
}

/**
 * Searches for an option that does not exist, such as a misspelt one, which would otherwise be
 * ignored.
 *
 * @param options the given options; `undefined` means none
 * @param names the options that exist. Nested names are only checked for objects; the check of an
 *   option's value is separate
 * @param path the option that contains the options, such as `tls`; empty for those of a function
 * @returns an error message that suggests the intended option; undefined if all exist
 */
export function unknownOption(options: unknown, names: OptionNames, path = ''): string | undefined {
  if (options === undefined) return undefined
  if (!isObject(options)) {
    return `The options must be an object, not ${describe(options)}. They may have ${listOf(names)}.`
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

/** Never prints the contents of a string: it may be a misplaced secret. */
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

/** A name that contains the other one is near if the shorter one has at least this length. */
const SHORTEST_PART = 4

/** The name that was probably intended; undefined if none is near. */
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

/** At most one error per three letters, or one name contains the other. */
function isNear(name: string, candidate: string, distance: number): boolean {
  if (distance <= Math.max(name.length, candidate.length) / 3) return true
  const [shorter, longer] = name.length < candidate.length ? [name, candidate] : [candidate, name]
  return shorter.length >= SHORTEST_PART && longer.toLowerCase().includes(shorter.toLowerCase())
}

/**
 * The number of insertions, deletions, replacements and swaps of neighbouring letters that turn one
 * text into the other: the optimal string alignment distance.
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
