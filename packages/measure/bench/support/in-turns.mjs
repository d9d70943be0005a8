import { fileURLToPath } from 'node:url'
import { devTls } from '@h2lab/tls-context'
import {
  CLIPS,
  defineExperiment,
  estimate,
  estimateRatio,
  processTarget,
  runExperiment,
  serversInTurns,
} from '../../dist/index.js'

/*
 * Benchmarks on the method of h2lab: servers in processes of their own take turns, and are started anew for each
 * repetition.
 */

/** The servers of benchmarks: see there. */
const SERVERS = fileURLToPath(new URL('./servers.mjs', import.meta.url))

/** The targets of servers in servers.mjs. */
export function benchTargets(names, about = {}) {
  return names.map((name) => processTarget({ name, script: SERVERS, ...about }))
}

/**
 * Measures targets in turns.
 *
 * @param load clients and streams, the duration of each in a repetition in seconds; requests, if not GET /
 * @returns its figures
 */
export async function measureInTurns(targets, load, repetitions) {
  const { clients, streams, tls = true, duration = 0.5, ...more } = load
  const experiment = defineExperiment({
    name: 'bench',
    title: 'servers in turns',
    variables: {
      scenario: [{ clients, tls }],
      streams: [streams],
      implementation: targets.map(({ name }) => name),
    },
    simulator: serversInTurns({ targets, tls: await devTls(), duration, ...more }),
    clips: CLIPS,
  })
  const trials = []
  for await (const trial of runExperiment(experiment, { repeat: repetitions })) {
    if (trial.outcome === 'failed') throw trial.error
    const { round, variables, columns } = trial
    trials.push({ round, name: variables.implementation, columns })
    progress(`${round} of ${repetitions}`)
  }
  progress('')
  return new Figures(trials)
}

/** What came of a measurement. */
class Figures {
  #trials

  constructor(trials) {
    this.#trials = trials
  }

  /** A column of a target, with its interval. */
  of(name, column = 'serverCpuPerRequest') {
    return estimate(this.#named(name).map(({ columns }) => columns[column]))
  }

  /** How many times that of another, paired by repetition. */
  ratio(name, other, column = 'serverCpuPerRequest') {
    const others = this.#named(other)
    return estimateRatio(
      this.#named(name).map(({ round, columns }) => ({
        of: columns[column],
        by: others.find((one) => one.round === round).columns[column],
      })),
    )
  }

  #named(name) {
    return this.#trials.filter((trial) => trial.name === name)
  }
}

/** Shows how far a benchmark is, where somebody looks. */
export function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\u001b[2K\r${text}`)
}

/** The first argument as a number of repetitions. */
export function repetitionsOr(otherwise) {
  const given = process.argv[2]
  if (given === undefined) return otherwise
  if (/^[1-9]\d*$/.test(given)) return Number(given)
  throw new Error(`There can't be ${given} repetitions.`)
}
