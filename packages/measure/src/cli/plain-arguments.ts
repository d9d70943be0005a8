import type { CAC, Command } from 'cac'

/** Options that may be given several times, by command. */
export const REPEATABLE: Readonly<Record<string, readonly string[]>> = {
  load: ['header', 'workers'],
}

/** Those of them that also take several values at once. */
const MANY_VALUES: readonly string[] = ['workers']

/**
 * Makes of a command line what cac understands: it loses one of `-c 1` and `--connections 2`, and takes one value for
 * a name only.
 *
 * @param argv as `process.argv`
 * @returns the same, where options have their long names, and `--workers a b` is `--workers=a --workers=b`
 */
export function plainArguments({ commands }: CAC, argv: readonly string[]): string[] {
  const [program = '', file = '', name = '', ...given] = argv
  const command = commands.find((one) => one.isMatched(name))
  if (command === undefined) return [...argv]
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
    } else {
      plain.push(option)
    }
  }
  return [program, file, name, ...plain, ...(end < 0 ? [] : given.slice(end))]
}

function withLongName({ options }: Command, arg: string): string {
  const [, short, value] = /^-([a-zA-Z])(=.*)?$/s.exec(arg) ?? []
  if (short === undefined) return arg
  const option = options.find(({ names }) => names.includes(short))
  return option === undefined
    ? arg
    : `--${option.rawName.split(/[\s,]+--/)[1]?.split(' ')[0]}${value ?? ''}`
}

/** Takes off what can be a value: neither an option nor an URL, which is an argument of its own. */
function valuesAtBeginning(args: string[]): string[] {
  const end = args.findIndex((arg) => arg.startsWith('-') || /^https?:\/\//i.test(arg))
  return args.splice(0, end < 0 ? args.length : end)
}
