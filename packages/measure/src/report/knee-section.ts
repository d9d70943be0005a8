import { KNEE_NOTES, type KneeVerdict } from '../summary/knee-verdict'
import { type Html, html } from './html'

/** The section on knees: a numbered list and warnings for each scenario, then notes. */
export function kneeSection(verdicts: readonly KneeVerdict[]): Html {
  return html`${verdicts.map(oneVerdict)}
${KNEE_NOTES.map((note) => html`<p class="notes">${note}</p>\n`)}`
}

function oneVerdict({ title, knees, warnings }: KneeVerdict): Html {
  return html`<h3>${title}</h3>
<ol class="verdict">\n${knees.map((knee) => html`<li>${knee}\n`)}</ol>
${warnings.length === 0 ? html`` : html`<ul class="warnings">\n${warnings.map((warning) => html`<li>${warning}\n`)}</ul>\n`}`
}
