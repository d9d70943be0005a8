import type { Chart } from '../charts/chart'
import { experimentOf } from '../experiments/experiments'
import type { Manifest } from '../storage/manifest'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { kneeVerdicts } from '../summary/knee-verdict'
import { type PlaceColumn, placeColumns } from '../summary/place-columns'
import { pointTitle } from '../summary/point-title'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type PointGroup, type Section, toSections } from '../summary/sections'
import { verdicts } from '../summary/verdict'
import { type Html, html, trustedHtml } from './html'
import { kneeSection } from './knee-section'
import { type Fact, machineFacts, methodFacts } from './method-facts'
import { verdictSection } from './verdict-section'

/** Creates the report of a run as a self-contained HTML page. */
export function htmlReport(
  { manifest, trials }: Results,
  cells: readonly Cell[],
  charts: readonly Chart[],
): string {
  const { experiment } = manifest
  const columns = columnsWithValues(cells)
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>h2lab: ${experiment.name}</title>
<style>${trustedHtml(STYLE)}</style>
<h1>h2lab: ${experiment.name}</h1>
<p>${capitalised(experiment.title)}. ${stateText(manifest, trials.length)}</p>
<h2>Verdict</h2>
${experimentOf(manifest).verdict === 'knees' ? kneeSection(kneeVerdicts(cells)) : verdictSection(verdicts(cells, trials))}
<h2>Results</h2>
${toSections(cells).map((section) => sectionTable(section, columns))}
${reasonList('Trials that failed', cells, ({ failures }) => failures)}
${reasonList('Trials that were repeated because the first attempt took too long', cells, ({ repeats }) => repeats)}
<h2>Charts</h2>
<div class="charts">
${charts.map((chart) => html`<figure>${trustedHtml(chart.svg)}</figure>\n`)}
</div>
<h2>How to read it</h2>
${howToRead(manifest, cells, columns)}
<h2>How it was measured</h2>
${factTable(methodFacts(manifest, cells))}
<h2>The machine</h2>
${factTable(machineFacts(manifest, cells))}
<h2>What was measured</h2>
${factTable(facts(manifest))}
</html>
`
  return page.html
}

function stateText({ state, startedAt, trials }: Manifest, saved: number): string {
  const started = `Started ${startedAt}`
  switch (state.kind) {
    case 'completed':
      return `${started}, ended ${state.endedAt}: ${saved} trials.`
    case 'interrupted':
      return `${started}, interrupted ${state.endedAt}: ${saved} of ${trials} trials are there.`
    case 'running':
      return `${started}. The run has not ended, or was killed: ${saved} of ${trials} trials are there.`
  }
}

function sectionTable({ scenario, groups }: Section, columns: readonly Column[]): Html {
  const places = placeColumns(groups)
  return html`<h3>${scenarioTitle(scenario)}</h3>
${loopsOf(groups).map((loop) => html`<p>${loop}</p>\n`)}<div class="wide"><table class="results">
<thead><tr>${places.map(({ name }) => html`<th>${name}`)}<th class="name">implementation${columns.map(({ name }) => html`<th>${name}`)}
${groups.map((group) => groupBody(group, places, columns))}
</table></div>
`
}

/** Explains which figures of a table are from closed loops, and which at equal offered load. */
function loopsOf(groups: readonly PointGroup[]): string[] {
  const isClosed = ({ offeredRate }: PointGroup) => offeredRate === null
  if (groups.every(isClosed)) return [CLOSED]
  return groups.some(isClosed) ? [OPEN, `Where no rate was offered: ${CLOSED}`] : [OPEN]
}

const CLOSED = 'Closed loop: each server got its next requests as fast as it answered.'
const OPEN =
  'Equal offered load: every server got the same requests at the same rate, however it answered.'

function groupBody(
  group: PointGroup,
  places: readonly PlaceColumn[],
  columns: readonly Column[],
): Html {
  return html`<tbody>
${group.cells.map(
  (cell, index) =>
    html`<tr>${places.map(({ text }) => html`<td>${index === 0 ? text(group) : ''}`)}<td class="name">${rowName(cell)}${columns.map(
      (column) => html`<td class="${column.tone?.(cell) ?? 'plain'}">${column.text(cell)}`,
    )}\n`,
)}`
}

function reasonList(
  title: string,
  cells: readonly Cell[],
  reasonsOf: (cell: Cell) => readonly string[],
): Html {
  const lines = cells.flatMap((cell) =>
    reasonsOf(cell).map((reason) => html`<li>${rowName(cell)}, ${pointTitle(cell)}: ${reason}\n`),
  )
  return lines.length === 0 ? html`` : html`<h3>${title}</h3>\n<ul>${lines}</ul>`
}

function howToRead(
  { options, method }: Manifest,
  cells: readonly Cell[],
  columns: readonly Column[],
): Html {
  return html`<p>Each server runs in its own process and answers each request with the same 12 octets. Each value is the
geometric mean of the repetitions of a point, each with new processes and ${options.duration} s long. ± is the wider
side of the interval that contains the true value in 95 of 100 runs: a t interval of the logarithms. A figure without
it is from a single repetition, which has no spread. Ratios are computed within each repetition and then averaged, so
disturbances of both servers cancel out.</p>
${method.kind === 'turns' ? html`<p>${TURNS}</p>\n` : html``}${loopText(cells)}
<dl>
${columns.map(({ name, meaning }) => html`<dt>${name}<dd>${meaning}\n`)}
</dl>
`
}

const TURNS =
  'In each repetition all servers of a point run at the same time and are loaded in turns, so that temporary disturbances of the machine affect all of them.'

function loopText(cells: readonly Cell[]): Html {
  const closed = cells.some(({ offeredRate }) => offeredRate === null)
  const open = cells.some(({ offeredRate }) => offeredRate !== null)
  return html`${
    closed
      ? html`<p>In a closed loop each client has one connection and keeps as many requests in flight on it as there are
streams: an answer makes room for the next request. A faster server finds fewer requests waiting, so its batches are
smaller and its work per request differs. Only figures at equal offered load are for equal work.</p>\n`
      : html``
  }${
    open
      ? html`<p>At an offered rate, requests are sent when they are due, regardless of the server. Latency counts from that
moment, so that a stall is not hidden.</p>\n`
      : html``
  }<p>A server marked HTTP/1.1 has no streams. For it, they are pipelined requests.</p>`
}

function factTable(facts: readonly Fact[]): Html {
  return html`<table class="facts">
${facts.map(([name, value]) => html`<tr><th>${name}<td>${value}\n`)}
</table>`
}

function facts({ options, others, versions, tlsCiphers }: Manifest): Fact[] {
  return [
    ['Implementations', options.implementations.join(', ')],
    ...others.map(
      ({ name, kind, version }): Fact => [
        kind === 'peer' ? `Peer ${name}` : 'Remote server',
        kind === 'peer' ? version : name,
      ],
    ),
    ['Scenarios', options.scenarios.map(scenarioTitle).join('; ')],
    ['Streams', options.streams.join(', ')],
    ['TLS', tlsCiphers.length === 0 ? 'none' : tlsCiphers.join(', ')],
    ...Object.entries(versions),
  ]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const STYLE = `
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; color: #222;
  background: #fff; margin: 2rem auto; max-width: 1320px; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; } h3 { margin: 1.5rem 0 .5rem; }
figure { margin: 0 0 1.5rem; } figure svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .5rem; text-align: right; vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; border-bottom: 2px solid #888; }
tbody { border-bottom: 1px solid #ddd; }
.name, .facts th, .facts td { text-align: left; } .facts th { color: #5f5f5f; }
.fault { color: #b00020; font-weight: 600; } .caution { color: #8a5a00; font-weight: 600; }
.wide { overflow-x: auto; } .results td { white-space: nowrap; }
.verdict li { margin: .15rem 0; } .verdict .tie, .remark { color: #5f5f5f; } .verdict .tie { display: block; }
.warnings { color: #8a5a00; list-style: "! "; }
.notes { color: #5f5f5f; font-size: .9em; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1.5rem; } p, dl, ul { max-width: 75ch; }
`
