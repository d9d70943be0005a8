import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { MeasureError } from '../../errors'
import { findImplementation } from '../../implementations/implementation'
import { processTarget } from '../../targets/process-target'
import type { Target } from '../../targets/target'

/** Where every revision has the process that its servers run in. */
const SERVER_PROCESS = join('packages', 'measure', 'dist', 'server-process.js')

/** A built revision, and what its targets are called by. */
export interface RevisionSide {
  readonly name: string
  readonly folder: string
}

/**
 * Makes the target of an implementation as a revision has it: the process, the servers and all that they need are the
 * revision's; it is told what to serve by this version.
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
