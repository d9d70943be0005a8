import { userInfo } from 'node:os'
import { pinned } from '../../machine/cpus'
import type { RunningTarget, TargetSetup } from '../../targets/target'
import { type ExternalProgram, HOST, type ProgramSetup } from './external-program'
import { freePort, isFree } from './free-port'
import { Guard } from './guard'
import { makePeerFolder, writeCertificate, writeFiles } from './peer-folder'
import { ProgramProcess } from './program-process'

/** An installed program. */
export interface FoundProgram {
  /** The path of its file. */
  readonly file: string
  readonly version: string
}

/**
 * Starts a server program with a configuration in a new folder. Both are gone after `stop`, or when this process is
 * gone.
 *
 * @returns when it accepts clients
 * @throws MeasureError `SERVER_FAILED` with its output; nothing is left behind then
 */
export async function startProgram(
  program: ExternalProgram,
  found: FoundProgram,
  setup: TargetSetup,
): Promise<RunningTarget> {
  const folder = await makePeerFolder(program.name)
  const guard = new Guard(folder)
  try {
    const tls = setup.tls && (await writeCertificate(folder, setup.tls))
    const start = async (port: number) => {
      const { version } = found
      const configuration = program.configure({ version, folder, port, tls, user: rootsName() })
      await writeFiles(folder, configuration.files)
      const running = await ProgramProcess.start(
        program.name,
        pinned([found.file, ...configuration.arguments], setup.cpus),
      )
      if (running.pid !== undefined) guard.watch(running.pid)
      await running.listening(port)
      return running
    }
    const { running, port } = await onFreePort(start)
    return {
      url: `${tls === undefined ? 'http' : 'https'}://${HOST}:${port}/`,
      pid: running.pid,
      usage: () => running.usage(),
      stop: () => guard.end(),
    }
  } catch (error) {
    await guard.end()
    throw error
  }
}

/** Another process may take a free port before the program does, but hardly this often. */
const MOST_ATTEMPTS = 3

async function onFreePort<Running>(
  start: (port: number) => Promise<Running>,
): Promise<{ readonly running: Running; readonly port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort()
    try {
      return { running: await start(port), port }
    } catch (error) {
      if (attempt === MOST_ATTEMPTS || (await isFree(port))) throw error
    }
  }
}

/** Programs started by root give up its privileges, and then can't read their files unless told otherwise. */
function rootsName(): ProgramSetup['user'] {
  const { uid, username } = userInfo()
  return uid === 0 ? username : undefined
}
