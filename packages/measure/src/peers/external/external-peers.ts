import { execFile } from 'node:child_process'
import { MeasureError } from '../../errors'
import { findProgram } from '../../processes/find-program'
import type { Target } from '../../targets/target'
import type { ExternalProgram } from './external-program'
import { h2o } from './h2o'
import { nghttpd } from './nghttpd'
import { nginx } from './nginx'
import { type FoundProgram, startProgram } from './start-program'

/** Servers that are separate programs, if they are installed. */
export const EXTERNAL_PEERS: readonly Target[] = [nghttpd, h2o, nginx].map(toTarget)

function toTarget(program: ExternalProgram): Target {
  const { name, title } = program
  return {
    name,
    title,
    kind: 'peer',
    httpVersion: 'h2',
    mostClients: Number.POSITIVE_INFINITY,
    async availability() {
      const found = await find(program)
      return found.state === 'found' ? { state: 'available', version: found.version } : found
    },
    async start(setup) {
      const found = await find(program)
      if (found.state === 'found') return startProgram(program, found, setup)
      throw new MeasureError('SERVER_FAILED', `${name} can't be started: ${found.reason}.`)
    },
  }
}

type Found =
  | ({ readonly state: 'found' } & FoundProgram)
  | { readonly state: 'unavailable'; readonly reason: string }

function find({ name, debianPackage, version }: ExternalProgram): Promise<Found> {
  return new Promise((resolve) => {
    const file = findProgram(name)
    if (file === undefined) {
      const reason = `${name} is not on PATH (Debian: ${debianPackage})`
      resolve({ state: 'unavailable', reason })
      return
    }
    execFile(file, [version.argument], (error, stdout, stderr) => {
      const output = stdout + stderr
      const found = version.pattern.exec(output)?.[1]
      const reason = `${file} ${version.argument} printed no version: ${error?.message ?? output}`
      resolve(
        found === undefined
          ? { state: 'unavailable', reason }
          : { state: 'found', file, version: found },
      )
    })
  })
}
