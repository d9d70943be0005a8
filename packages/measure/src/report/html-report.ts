import type { Chart } from '../charts/sweep-charts'
import type { Manifest } from '../storage/manifest'
import type { Results } from '../storage/results-folder'
import type { Cell } from '../summary/cells'
import { type Column, columnsWithValues } from '../summary/columns'
import { formatMemory } from '../summary/numbers'
import { rowName } from '../summary/row-name'
import { scenarioTitle } from '../summary/scenario-title'
import { type Section, type StreamsGroup, toSections } from '../summary/sections'
import { streamsTitle } from '../summary/streams-title'
import { type Html, html, trustedHtml } from './html'

/** Writes a run up as one HTML page that needs nothing from elsewhere. */
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
<h2>Charts</h2>
<div class="charts">
${charts.map((chart) => html`<figure>${trustedHtml(chart.svg)}</figure>\n`)}
</div>
<h2>Results</h2>
${toSections(cells).map((section) => sectionTable(section, columns))}
${reasonList('Trials that failed', cells, ({ failures }) => failures)}
${reasonList('Trials that were made twice, since the first attempt took too long', cells, ({ repeats }) => repeats)}
<h2>How to read it</h2>
${howToRead(manifest, columns)}
<h2>What was measured, and where</h2>
<table class="facts">
${facts(manifest).map(([name, value]) => html`<tr><th>${name}<td>${value}\n`)}
</table>
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
  return html`<h3>${scenarioTitle(scenario)}</h3>
<table class="results">
<thead><tr><th>streams<th class="name">implementation${columns.map(({ name }) => html`<th>${name}`)}
${groups.map((group) => groupBody(group, columns))}
</table>
`
}

function groupBody({ streams, cells }: StreamsGroup, columns: readonly Column[]): Html {
  return html`<tbody>
${cells.map(
  (cell, index) =>
    html`<tr><td>${index === 0 ? streams : ''}<td class="name">${rowName(cell)}${columns.map(
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
    reasonsOf(cell).map(
      (reason) =>
        html`<li>${rowName(cell)}, ${scenarioTitle(cell.scenario)}, ${streamsTitle(cell.streams)}: ${reason}\n`,
    ),
  )
  return lines.length === 0 ? html`` : html`<h3>${title}</h3>\n<ul>${lines}</ul>`
}

function howToRead({ options }: Manifest, columns: readonly Column[]): Html {
  return html`<p>Each client has one connection and keeps as many requests in flight on it as there
are streams: an answer makes room for the next request. The server runs in a process of its own and
answers each request with the same 12 octets. Each value is
${options.repeat === 1 ? 'of one trial' : `the median of ${options.repeat} trials`} of
${options.duration} s after ${options.warmup} s of warm-up. The trials of one row were made one
in each round of all rows, so that what disturbs the machine for a while falls on many. A server
marked HTTP/1.1 has no streams: there they are requests sent one after the other on a connection,
without waiting for answers.</p>
<dl>
${columns.map(({ name, meaning }) => html`<dt>${name}<dd>${meaning}\n`)}
</dl>
`
}

function facts(manifest: Manifest): [name: string, value: string][] {
  const { options, machine, generator, versions, tlsCiphers } = manifest
  return [
    ['Implementations', options.implementations.join(', ')],
    ...manifest.others.map(({ name, kind, version }): [string, string] => [
      kind === 'peer' ? `Peer ${name}` : 'Run by somebody else',
      kind === 'peer' ? version : name,
    ]),
    ['Scenarios', options.scenarios.map(scenarioTitle).join('; ')],
    ['Streams', options.streams.join(', ')],
    ['Load generator', `${generator.name} ${generator.version}`],
    ['TLS', tlsCiphers.length === 0 ? 'none' : tlsCiphers.join(', ')],
    ['CPU', `${machine.cpu}, ${machine.cpus} of it, ${machine.architecture}`],
    ['Memory', formatMemory(machine.memory)],
    ['Kernel', machine.kernel],
    ...Object.entries(versions).map(([name, version]): [string, string] => [name, version]),
  ]
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

const STYLE = `
body { font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif; color: #222;
  background: #fff; margin: 2rem auto; max-width: 1080px; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; } h3 { margin: 1.5rem 0 .5rem; }
figure { margin: 0 0 1.5rem; } figure svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: .2rem .7rem; text-align: right; vertical-align: top; font-weight: normal; }
thead th { font-weight: 600; border-bottom: 2px solid #888; }
tbody { border-bottom: 1px solid #ddd; }
.name, .facts th, .facts td { text-align: left; } .facts th { color: #5f5f5f; }
.fault { color: #b00020; font-weight: 600; } .caution { color: #8a5a00; font-weight: 600; }
dt { font-weight: 600; } dd { margin: 0 0 .5rem 1.5rem; } p, dl, ul { max-width: 75ch; }
`
