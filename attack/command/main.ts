import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ATTACKS } from '../attacks/catalogue'
import { writeIntoDocs } from '../report/docs'
import { progressLine } from '../report/progress'
import { tableOf } from '../report/table'
import type { Outcome } from '../trial/outcome'
import { durationOf, runPlan } from '../trial/run-plan'
import { commandOf, HELP, type Plan } from './options'
import { UsageError } from './usage-error'

const DOCS = fileURLToPath(new URL('../../docs/security.md', import.meta.url))

async function main(): Promise<void> {
  const command = await commandOf(process.argv.slice(2))
  switch (command.kind) {
    case 'help':
      process.stdout.write(HELP)
      break
    case 'list':
      for (const { name, advisory, sends } of ATTACKS) {
        process.stdout.write(`${name.padEnd(32)} ${advisory.padEnd(26)} ${sends}\n`)
      }
      break
    case 'table':
      show(command.files.flatMap(outcomesOf), command.writesDocs)
      break
    case 'attack':
      await attack(command)
  }
}

async function attack(plan: Plan): Promise<void> {
  say(`This takes about ${minutes(durationOf(plan))}; what disturbs the neighbour is tried twice.`)
  const known: Outcome[] = []
  const outcomes = await runPlan(plan, (outcome, done, all) => {
    say(progressLine(outcome, done, all))
    known.push(outcome)
    // After each: a run of hours may be interrupted.
    if (plan.json !== undefined) {
      writeFileSync(plan.json, `${JSON.stringify(known, undefined, 1)}\n`)
    }
  })
  show(outcomes, plan.writesDocs)
  const checked = new Set(
    plan.servers.filter(({ kind }) => kind !== 'comparison').map(({ name }) => name),
  )
  if (outcomes.some((outcome) => checked.has(outcome.server) && isBroken(outcome))) {
    process.exitCode = 1
  }
}

function show(outcomes: readonly Outcome[], writesDocs: boolean): void {
  const table = tableOf(outcomes)
  process.stdout.write(`${table}\n`)
  if (writesDocs) writeIntoDocs(DOCS, table)
}

function outcomesOf(file: string): Outcome[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Outcome[]
  } catch (error) {
    const reason = (error as Error).message
    throw new UsageError(`--from can't be ${file}: it must be what --json has written (${reason}).`)
  }
}

function isBroken({ result }: Outcome): boolean {
  return result.kind === 'failed' || (result.kind === 'measured' && result.broken.length > 0)
}

function minutes(seconds: number): string {
  return seconds < 90 ? `${Math.ceil(seconds)} seconds` : `${Math.ceil(seconds / 60)} minutes`
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

main().catch((error: unknown) => {
  if (error instanceof UsageError) {
    say(error.message)
    process.exit(2)
  }
  say(error instanceof Error ? (error.stack ?? error.message) : String(error))
  process.exit(1)
})
