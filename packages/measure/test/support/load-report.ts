import * as v from 'valibot'
import { expect } from 'vitest'
import { type LoadReport, loadReportSchema } from '../../src/load/load-report'
import { h2lab } from './h2lab'

/** Runs h2lab load, which is to end with a code and to say nothing else, and reads its JSON. */
export async function loadReportOf(code: number, ...args: string[]): Promise<LoadReport> {
  const ended = await h2lab(['load', '--json', ...args])
  expect(ended).toMatchObject({ stderr: '', code })
  return parseLoadReport(ended.stdout)
}

export function parseLoadReport(text: string): LoadReport {
  return v.parse(loadReportSchema, JSON.parse(text))
}
