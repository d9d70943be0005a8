import type { CAC, Command } from 'cac'

/** Options that may be given several times, by command. */
export const REPEATABLE: Readonly<Record<string, readonly string[]>> = {
  load: ['header', 'workers'],
}

/** Repeatable options that also take several values at once. */
const MANY_VALUES: readonly string[] = ['workers']

/**
 * Rewrites a command line for cac, which drops one of `-c 1` and `--connections 2`, accepts only one value for each
 * name, and treats `-1` as an option.
 *
 * @param argv as `process.argv`
 * @returns the same, where options have their long names, `--clients 5` is `--clients=5`, and `--workers a b` is
 *   `--workers=a --workers=b`; and the command comes first
 */
export function plainArguments({ commands }: CAC, argv: readonly string[]): string[] {
  const [program = '', file = '', ...given] = argv
  for (const command of commands) {
    const plain = plainOf(command, given)
    const at = plain.findIndex((arg) => !arg.startsWith('-'))
    const name = plain[at]
    // Options before it are of the command, or their values may be what looks like its name.
    const isOf = plain.slice(0, at).every((option) => isOption(command, option))
    if (name !== undefined && command.isMatched(name) && isOf) {
      return [program, file, name, ...plain.slice(0, at), ...plain.slice(at + 1)]
    }
  }
  return [...argv]
}

function plainOf(command: Command, given: readonly string[]): string[] {
  const repeatable = REPEATABLE[command.name] ?? []
  const end = given.indexOf('--')
  const plain: string[] = []
  const rest = end < 0 ? [...given] : given.slice(0, end)
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const option = withLongName(command, arg)
    const longName = option.slice(2)
    if (repeatable.includes(longName) && MANY_VALUES.includes(longName)) {
      const values = valuesAtBeginning(rest)
      plain.push(...(values.length === 0 ? [option] : values.map((value) => `${option}=${value}`)))
    } else if (takesValue(command, longName) && isValue(rest[0])) {
      plain.push(`${option}=${rest.shift()}`)
    } else {
      plain.push(option)
    }
  }
  return end < 0 ? plain : [...plain, ...given.slice(end)]
}

/**
 * Restores the values of options as written. cac converts them to numbers, so that a folder `007` would become `7`.
 *
 * @param options as parsed by cac
 * @param plain from {@link plainArguments}
 */
export function restoreTexts(options: Record<string, unknown>, plain: readonly string[]): void {
  const texts = new Map<string, string[]>()
  for (const arg of plain) {
    if (arg === '--') break
    const [, name, text] = /^--([\w-]+)=(.*)$/s.exec(arg) ?? []
    if (name === undefined || text === undefined) continue
    const key = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
    texts.set(key, [...(texts.get(key) ?? []), text])
  }
  for (const [key, all] of texts) {
    const value = options[key]
    // An option without a value is `true`.
    if (Array.isArray(value)) {
      options[key] = value.map((one) => (typeof one === 'boolean' ? one : all.shift()))
    } else if (typeof value === 'number') {
      options[key] = all[0]
    }
  }
}

function isOption({ options }: Command, arg: string): boolean {
  const [name] = arg.split('=')
  return options.some(({ rawName }) => rawName.split(/[ ,]+/).includes(name!))
}

function takesValue({ options }: Command, longName: string): boolean {
  return options.some(({ rawName }) => `${rawName} `.includes(`--${longName} <`))
}

/** A value may begin with a hyphen, such as a number below 0, unless it looks like an option. */
function isValue(arg: string | undefined): arg is string {
  return arg !== undefined && !/^--?([a-z][\w-]*(=.*)?)?$/is.test(arg)
}

function withLongName({ options }: Command, arg: string): string {
  const [, short, value] = /^-([a-zA-Z])(=.*|\d.*)?$/s.exec(arg) ?? []
  if (short === undefined) return arg
  const option = options.find(({ names }) => names.includes(short))
  if (option === undefined) return arg
  const longName = `--${option.rawName.split(/[\s,]+--/)[1]?.split(' ')[0]}`
  // For example `-c5`.
  return value === undefined || value.startsWith('=')
    ? `${longName}${value ?? ''}`
    : `${longName}=${value}`
}

/**
 * Removes and returns leading arguments that can be values: neither options nor URLs, which are arguments of the
 * command.
 */
function valuesAtBeginning(args: string[]): string[] {
  const end = args.findIndex((arg) => arg.startsWith('-') || /^https?:\/\//i.test(arg))
  return args.splice(0, end < 0 ? args.length : end)
}
