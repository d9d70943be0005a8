import type { CAC, Command } from 'cac'
import { MeasureError } from '../errors'
import { commands } from './commands'
import { plainArguments, REPEATABLE, restoreTexts } from './plain-arguments'
import { usageError } from './values'

/** The exit codes of the process. */
const FAILED = 1
const WRONG_USAGE = 2

/**
 * Runs the command h2lab.
 *
 * @param argv like `process.argv`: two words for the program, then its arguments
 * @returns the exit code: 0; 1 if a run or trial failed; 2 for wrong usage
 */
export async function main(argv: readonly string[]): Promise<number> {
  const cli = commands()
  try {
    const plain = plainArguments(cli, argv)
    cli.parse(plain, { run: false })
    const { options, matchedCommand } = cli
    restoreTexts(options, plain)
    // Arguments after `--` are not options, even if they look like one.
    cli.args = [...cli.args, ...(options['--'] ?? [])]
    // Both have been printed by parse().
    if (options['help'] === true || options['version'] === true) return 0
    checkUsage(cli, matchedCommand)
    return (await cli.runMatchedCommand()) as number
  } catch (error) {
    if (isUsageError(error)) {
      process.stderr.write(`${error.message}\nSee ${nameOf(cli.matchedCommand)} --help.\n`)
      return WRONG_USAGE
    }
    process.stderr.write(`${faultText(error)}\n`)
    return FAILED
  }
}

/** Checks what cac does not refuse, or refuses without saying what is allowed. */
function checkUsage(cli: CAC, command: Command | undefined): asserts command is Command {
  if (command === undefined) {
    const names = cli.commands.map(({ name }) => name).join(', ')
    const given = cli.args[0]
    throw usageError(
      given === undefined
        ? `h2lab needs a command: ${names}.`
        : `There is no command ${JSON.stringify(given)}: it must be one of ${names}.`,
    )
  }
  const missing = command.args.filter((arg) => arg.required)[cli.args.length]
  if (missing !== undefined) {
    throw usageError(`${nameOf(command)} needs its argument <${missing.value}>.`)
  }
  const known = [...command.options, ...cli.globalCommand.options]
  for (const [name, value] of Object.entries<unknown>(cli.options)) {
    if (name === '--') continue
    const dashes = name.length === 1 ? '-' : '--'
    const option = known.find(({ names }) => names.includes(name))
    if (option !== undefined) {
      const isRepeatable = REPEATABLE[command.name]?.includes(option.name) ?? false
      if (Array.isArray(value) && !isRepeatable)
        throw usageError(`${dashes}${name} must be given once.`)
      continue
    }
    const allowed = command.options.map(({ rawName }) => rawName.replace(/ [<[].*/, '')).join(', ')
    throw usageError(
      `${nameOf(command)} has no option ${dashes}${name}: it ${allowed === '' ? 'takes none' : `takes ${allowed}`}.`,
    )
  }
  const takesMore = command.args.some(({ variadic }) => variadic)
  if (cli.args.length > command.args.length && !takesMore) {
    const surplus = cli.args.slice(command.args.length).join(' ')
    throw usageError(`${nameOf(command)} takes no argument ${JSON.stringify(surplus)}.`)
  }
}

function nameOf(command: Command | undefined): string {
  return command === undefined ? 'h2lab' : `h2lab ${command.name}`
}

function isUsageError(error: unknown): error is Error {
  if (error instanceof MeasureError) return error.code === 'USAGE'
  return error instanceof Error && error.name === 'CACError'
}

/** The message of an error with a code is complete. Any other error is a bug in h2lab and gets a stack trace. */
function faultText(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return 'code' in error ? error.message : (error.stack ?? error.message)
}
