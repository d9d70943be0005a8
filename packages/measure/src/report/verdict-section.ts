import type { Verdict } from '../summary/verdict'
import {
  noVerdict,
  rankingRemarks,
  rankTexts,
  verdictNotes,
  verdictTitle,
} from '../summary/verdict-text'
import { type Html, html } from './html'

/** The section on verdicts: a numbered list and warnings for each, then notes for all. */
export function verdictSection(verdicts: readonly Verdict[]): Html {
  const lead = noVerdict(verdicts)
  return html`${lead === undefined ? html`` : html`<p>${lead}</p>\n`}${verdicts.map(oneVerdict)}
${verdictNotes(verdicts).map((note) => html`<p class="notes">${note}</p>\n`)}`
}

function oneVerdict(verdict: Verdict): Html {
  const { ranking, warnings } = verdict
  const ranked = ranking.kind === 'ranked'
  if (!ranked && warnings.length === 0) return html``
  return html`<h3>${verdictTitle(verdict)}</h3>
${ranked ? html`<ol class="verdict">\n${rankTexts(ranking).map(oneRank)}</ol>\n` : html``}${
  ranked ? rankingRemarks(ranking).map((remark) => html`<p class="remark">${remark}</p>\n`) : html``
}${warnings.length === 0 ? html`` : html`<ul class="warnings">\n${warnings.map((warning) => html`<li>${warning}\n`)}</ul>\n`}`
}

function oneRank({ best, ties }: ReturnType<typeof rankTexts>[number]): Html {
  return html`<li>${best}${ties.map((tie) => html`<span class="tie">${tie}</span>`)}\n`
}
