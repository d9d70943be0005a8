import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MeasureError } from '../../errors'
import { findImplementation } from '../../implementations/implementation'
import { processTarget } from '../../targets/process-target'
import type { Target } from '../../targets/target'

/** The path of the process that servers run in, in every revision. */
const SERVER_PROCESS = join('packages', 'measure', 'dist', 'server-process.js')

/** A built revision, and the name of its side. */
export interface RevisionSide {
  readonly name: string
  readonly folder: string
}

/**
 * Makes a target of an implementation in a revision. The process, the servers and their dependencies are those of the
 * revision; this version tells it what to serve.
 *
 * @throws MeasureError `REVISION_FAILED` if the revision has no process for servers
 */
export function revisionTarget(
  implementation: string,
  targetName: string,
  { name, folder }: RevisionSide,
): Target {
  const script = join(folder, SERVER_PROCESS)
  if (!existsSync(script)) {
    throw new MeasureError(
      'REVISION_FAILED',
      `The revision ${name} has no ${SERVER_PROCESS}: its servers can't be started from here.`,
    )
  }
  const { title, httpVersion, mostClients } = findImplementation(implementation)!
  const server = implementation
  return processTarget({ name: targetName, script, server, title, httpVersion, mostClients })
}
