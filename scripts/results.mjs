import { writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import {
  BASELINE,
  rankingRemarks,
  rankTexts,
  readResults,
  toCells,
  verdictNotes,
  verdicts,
} from '@h2lab/measure'
import { root } from './setup.mjs'

// `npm run results DIR`: writes docs/results.md, a table of the `h2lab run` saved in DIR.
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('Usage: npm run results DIR, where DIR is a folder saved by h2lab run.')
  process.exit(2)
}

const results = resolve(process.env.INIT_CWD ?? '.', folder)
const { manifest, trials } = await readResults(results).catch((error) => {
  console.error(error.message)
  process.exit(1)
})
const { machine, options, versions, generator, tlsCiphers } = manifest
const cells = toCells(trials).filter(({ offeredRate }) => offeredRate === null)
const repetitions = Math.max(...cells.map(({ completed }) => completed))

const peers = manifest.others.filter(({ kind }) => kind === 'peer')

/** The command of the run. Its scenarios are the defaults, or all numbers of clients with or without TLS. */
function command() {
  const { scenarios, streams, duration, warmup, repeat } = options
  const { repetitions, method } = manifest
  const values = (of) => [...new Set(scenarios.map(of))]
  const clients = values((scenario) => scenario.clients)
  const tls = values((scenario) => scenario.tls)
  const isProduct = scenarios.length === clients.length * tls.length
  const transport = tls.length === 2 ? 'both' : tls[0] ? 'on' : 'off'
  return [
    'npx h2lab run',
    ...(isProduct ? [`--clients ${clients.join(',')} --tls ${transport}`] : []),
    `--streams ${streams.join(',')}`,
    `--duration ${duration} --warmup ${warmup}`,
    ...(repetitions?.kind === 'budget'
      ? [`--budget ${repetitions.minutes}`]
      : [`--repeat ${repetitions?.times ?? repeat}`]),
    ...(repetitions?.precision ? [`--precision ${repetitions.precision * 100}%`] : []),
    ...(method.kind === 'whole' ? [`--generator ${generator.name}`] : []),
    ...(peers.length > 0 ? ['--peers auto'] : []),
  ].join(' ')
}

const titleOf = ({ clients, tls }) =>
  `${clients} ${clients === 1 ? 'client' : 'clients'}, ${tls ? 'TLS' : 'plain TCP'}`

/** Two digits, with the wider side of the 95 % interval. */
function withMargin({ value, low, high, repetitions }, unit = '') {
  const digits = Number(value.toPrecision(2))
  const text = `${digits < 10 ? digits.toPrecision(2) : digits}${unit}`
  if (repetitions === 1) return text
  return `${text} ±${Math.round((Math.max(high / value, value / low) - 1) * 100)}%`
}

/** The CPU time per request of each implementation, with a column for each number of streams. */
function tableOf(scenario) {
  const own = cells.filter((cell) => titleOf(cell.scenario) === titleOf(scenario))
  const names = [...new Set(own.map(({ implementation }) => implementation))]
  const cellOf = (name, streams) =>
    own.find((cell) => cell.implementation === name && cell.streams === streams)
  const nameOf = (name) =>
    own.find((cell) => cell.implementation === name).httpVersion === 'h2'
      ? `\`${name}\``
      : `\`${name}\` (HTTP/1.1)`
  const row = (name) =>
    options.streams.map((streams) => {
      const cell = cellOf(name, streams)
      if (cell === undefined || cell.serverCpuPerRequest === null) return '-'
      const ratio = cell.vsBaseline === null ? '' : ` (${withMargin(cell.vsBaseline, 'x')})`
      return `${withMargin(cell.serverCpuPerRequest)}${ratio}`
    })
  return [
    `| implementation | ${options.streams.map((streams) => `${streams} in flight`).join(' | ')} |`,
    `| --- |${' --: |'.repeat(options.streams.length)}`,
    ...names.map((name) => `| ${nameOf(name)} | ${row(name).join(' | ')} |`),
  ].join('\n')
}

/** The verdict on a scenario with the most requests in flight. */
function verdictOf(scenario) {
  const own = said.filter((verdict) => titleOf(verdict.scenario) === titleOf(scenario))
  const last = own.toSorted((one, other) => other.streams - one.streams)[0]
  if (last === undefined || last.ranking.kind === 'nothing-measured') return 'Nothing was measured.'
  if (last.ranking.kind === 'single-repetition')
    return 'A single repetition has no spread, so nothing is claimed.'
  const ranks = rankTexts(last.ranking).flatMap(({ best, ties }, index) => [
    `${index + 1}. ${best}`,
    ...ties.map((tie) => `   - ${tie}`),
  ])
  const remarks = [...rankingRemarks(last.ranking), ...last.warnings].map((one) => `- ${one}`)
  return [`With ${last.streams} in flight, least CPU first:`, ranks.join('\n'), remarks.join('\n')]
    .filter((part) => part !== '')
    .join('\n\n')
}

const said = verdicts(cells, trials)
const failed = cells.reduce((sum, cell) => sum + cell.requestsFailed, 0)
const repeated = trials.filter(({ repeatedAfter }) => repeatedAfter !== null).length
const uwsBuild = versions['uWebSockets.js']
const reasons = [...new Set(cells.flatMap(({ failures }) => failures))]
const text = `# Results

CPU time of the server per request in microseconds. In parentheses: how many times less than \`${BASELINE}\` with the same
clients and requests in flight. ± is the wider side of the interval that contains the true value in 95 of 100 runs; there
were ${repetitions === 1 ? 'no repetitions, so it is unknown' : `up to ${repetitions} repetitions`}. Made by \`npm run results\` from a run of

\`\`\`sh
${command()}
\`\`\`

on ${manifest.startedAt.slice(0, 10)}: ${machine.cpu}, ${machine.cpus} CPUs, ${machine.kernel}, Node ${versions.node}; load by
${generator.name} ${generator.version} on the same machine; a response of 12 bytes; ${tlsCiphers.join(', ')}.
${trials.length} trials, ${failed === 0 ? 'no failed request' : `${failed} failed requests`}. \`none\` serves one client at a time.
${repeated === 0 ? '' : `${repeated} of them were repeated, because the first attempt took too long.\n`}${uwsBuild === undefined ? '' : `\`uws\` is built on ${uwsBuild}.\n`}${peers.length === 0 ? '' : `\nOther servers: ${peers.map(({ name, version }) => `${name} (${version})`).join('; ')}. [What is compared, and how](fairness.md).\n`}
${options.scenarios.map((scenario) => `## ${titleOf(scenario)}\n\n${verdictOf(scenario)}\n\n${tableOf(scenario)}`).join('\n\n')}

${reasons.length === 0 ? '' : `Without a figure, a trial could not be measured: ${reasons.join(' ')}\n\n`}${verdictNotes(said).join('\n\n')}

The figures apply to that machine at that time, which was shared. Compare within a column.
`
const file = join(root, 'docs', 'results.md')
writeFileSync(file, text)
console.log(`Wrote ${file}.`)
