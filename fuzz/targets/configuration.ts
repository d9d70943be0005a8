import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from '../../packages/measure/node_modules/valibot'
import { loadSettings } from '../../packages/measure/src/cli/load-settings'
import { MeasureError } from '../../packages/measure/src/errors'
import { parseH2load } from '../../packages/measure/src/generators/h2load/parse-h2load'
import { permissionFor } from '../../packages/measure/src/load/allowed-hosts'
import { loadPlanSchema } from '../../packages/measure/src/load/plan'
import { Input } from '../support/input'
import { BrokenInvariant, check } from '../support/invariant'

/*
 * What users and programs give to h2lab as text:
 *
 *   what it is (8): the file of own hosts, the options of h2lab load in lines, the output of h2load, or a plan; text
 *
 * It is read, or refused with an error of a documented code.
 */

const folder = mkdtempSync(join(tmpdir(), 'h2lab-fuzz-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
mkdirSync(join(folder, 'h2lab'))
process.env['XDG_CONFIG_HOME'] = folder

const LONGEST_MESSAGE = 4000

export async function fuzz(octets: Uint8Array): Promise<void> {
  const input = new Input(octets)
  const read = input.choice([hosts, options, h2loadOutput, plan])
  const rest = input.rest()
  try {
    await read(rest, Buffer.from(rest).toString())
  } catch (error) {
    if (error instanceof BrokenInvariant) throw error
    check(error instanceof MeasureError, `only a MeasureError is thrown: ${error}`)
    const code = read === h2loadOutput ? 'GENERATOR_FAILED' : 'USAGE'
    check(error.code === code, `the code is ${code}: ${error.code}`)
    check(error.message.length < LONGEST_MESSAGE + 6 * rest.length, 'a message is bounded')
  }
}

async function hosts(octets: Uint8Array): Promise<void> {
  writeFileSync(join(folder, 'h2lab', 'hosts'), octets)
  const permission = await permissionFor('https://box.example:8443', false)
  const lists = Buffer.from(octets).toString().toLowerCase().includes('box.example')
  check(permission === 'loopback' || lists, 'only a host that is listed may be loaded')
}

/** The first line has URLs, the others options: `name=value`. */
function options(_: Uint8Array, text: string): void {
  const [urls = '', ...lines] = text.split('\n')
  const flags: Record<string, unknown> = {}
  for (const line of lines) {
    const [name = '', ...value] = line.split('=')
    const one = value.length === 0 ? true : value.join('=')
    const before = flags[name]
    const isList = before !== undefined && ['header', 'workers'].includes(name)
    flags[name] = isList ? [before, one].flat() : one
  }
  const settings = loadSettings(urls.split(' '), flags)
  check(settings.connections >= 1 && settings.streams >= 1, 'settings are in their ranges')
  check(settings.seed >= 0 && settings.answerTime > 0, 'settings are in their ranges')
}

function h2loadOutput(_: Uint8Array, text: string): void {
  const { duration, requests, latency } = parseH2load(text)
  for (const number of [duration, ...Object.values(requests), ...Object.values(latency)]) {
    check(
      number === null || (Number.isFinite(number) && number >= 0),
      `results are numbers: ${number}`,
    )
  }
}

function plan(_: Uint8Array, text: string): void {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return
  }
  const { success } = v.safeParse(loadPlanSchema, value)
  check(typeof success === 'boolean', 'a plan is valid or not')
}
