import { writeFileSync } from 'node:fs'
import { textOf } from '../report/text'
import type { Outcome } from '../trial/outcome'
import { brokenPromises, mebibytes } from '../trial/promises'
import type { Sample } from '../trial/series'
import { soak } from '../trial/soak'
import { commandOf, HELP, type Plan } from './options'
import { UsageError } from './usage-error'

/** How often progress is told, in milliseconds. */
const PROGRESS_INTERVAL = 30_000

async function main(): Promise<void> {
  const command = commandOf(process.argv.slice(2))
  if (command.kind === 'help') process.stdout.write(HELP)
  else await soakAll(command)
}

async function soakAll({ servers, duration, seed, json }: Plan): Promise<void> {
  const names = servers.map(({ name }) => name).join(', ')
  say(`${Math.round(duration / 1000)} seconds each for ${names}, with the seed ${seed}.`)
  const outcomes: Outcome[] = []
  for (const server of servers) {
    const outcome = await soak(server, duration, seed, progress(server.name))
    process.stdout.write(textOf(outcome))
    outcomes.push(outcome)
    if (json !== undefined) writeFileSync(json, `${jsonOf(outcomes)}\n`)
  }
  if (outcomes.some((outcome) => brokenPromises(outcome).length > 0)) process.exitCode = 1
}

function progress(name: string): (sample: Sample) => void {
  let next = PROGRESS_INTERVAL
  return ({ at, memory, descriptors, requests }) => {
    if (at < next) return
    next += PROGRESS_INTERVAL
    const figures = `${requests} requests, ${mebibytes(memory)}, ${descriptors} descriptors`
    say(`${name} after ${Math.round(at / 1000)} s: ${figures}`)
  }
}

function jsonOf(outcomes: readonly Outcome[]): string {
  const described = outcomes.map(({ tally, ...outcome }) => ({
    ...outcome,
    tally: { ...tally, visits: Object.fromEntries(tally.visits) },
    broken: brokenPromises({ tally, ...outcome }),
  }))
  return JSON.stringify(described, undefined, 1)
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))

main().then(
  () => process.exit(),
  (error: unknown) => {
    if (error instanceof UsageError) {
      say(error.message)
      process.exit(2)
    }
    say(error instanceof Error ? (error.stack ?? error.message) : String(error))
    process.exit(1)
  },
)
