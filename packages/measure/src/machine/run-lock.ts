import { link, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as v from 'valibot'
import { MeasureError } from '../errors'
import { startTimeOf } from './process-cpu'

/*
 * Two runs at the same time would measure each other. So a run leaves a file where the next one looks.
 */

const holderSchema = v.object({
  pid: v.number(),
  /** As the machine counts it: another process may get the number later. Null where there is no /proc. */
  startTime: v.nullable(v.string()),
  /** Where the run saves. */
  folder: v.string(),
  /** ISO 8601. */
  since: v.string(),
})

/** The run that measures on this machine. */
export type LockHolder = v.InferOutput<typeof holderSchema>

/** The lock of a run. */
export interface RunLock {
  /** Whose the machine is instead: only with `force`. */
  readonly heldBy: LockHolder | undefined
  /** Gives the machine back; never fails. */
  release(): Promise<void>
}

/** The name of the lock's file in the system's temporary folder. */
export const LOCK_FILE = 'h2lab-run.lock'

/**
 * Takes the machine for a run. The lock of a process that is gone does not count.
 *
 * @param folder where the run saves, for others to read
 * @param force goes on beside another run
 * @throws MeasureError `MACHINE_BUSY` naming the run that has it
 */
export async function takeRunLock(
  folder: string,
  force = false,
  file = join(tmpdir(), LOCK_FILE),
): Promise<RunLock> {
  const own: LockHolder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? null,
    folder,
    since: new Date().toISOString(),
  }
  for (let attempt = 1; ; attempt++) {
    const written = await writeNew(file, own)
    if (written === 'written') return { heldBy: undefined, release: () => remove(file, own) }
    // A full disk must not keep anybody from measuring.
    if (written === 'impossible') return WITHOUT_LOCK
    const holder = await readHolder(file)
    if (holder === 'gone') continue
    if (holder !== undefined && isAlive(holder)) {
      if (!force) throw inUse(holder)
      return { heldBy: holder, release: async () => {} }
    }
    // Of another user it can't be removed, in a folder where only owners may.
    if (!(await removeStale(file)) || attempt === MOST_ATTEMPTS) return WITHOUT_LOCK
  }
}

const WITHOUT_LOCK: RunLock = { heldBy: undefined, release: async () => {} }

/** Others may take and give back in between; hardly that often. */
const MOST_ATTEMPTS = 20

/** Writes the file unless there is one: of several processes, one does. It is whole from the beginning. */
async function writeNew(
  file: string,
  holder: LockHolder,
): Promise<'written' | 'there' | 'impossible'> {
  const draft = `${file}.${process.pid}`
  try {
    await writeFile(draft, JSON.stringify(holder))
    await link(draft, file)
    return 'written'
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'there' : 'impossible'
  } finally {
    await rm(draft, { force: true }).catch(() => {})
  }
}

/** Undefined for a file that is no lock. */
async function readHolder(file: string): Promise<LockHolder | 'gone' | undefined> {
  try {
    const text = await readFile(file, 'utf8')
    const result = v.safeParse(holderSchema, JSON.parse(text))
    return result.success ? result.output : undefined
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : undefined
  }
}

function isAlive({ pid, startTime }: LockHolder): boolean {
  if (startTime !== null) return startTimeOf(pid) === startTime
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/**
 * Removes the lock of a process that is gone. Somebody else may have done so, and taken the machine, since it was
 * read: so what is moved away is looked at, and put back if it is alive.
 *
 * @returns whether the file is gone
 */
async function removeStale(file: string): Promise<boolean> {
  const aside = `${file}.${process.pid}.stale`
  try {
    await rename(file, aside)
    const holder = await readHolder(aside)
    if (holder !== undefined && holder !== 'gone' && isAlive(holder)) await link(aside, file)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
  } finally {
    await rm(aside, { force: true }).catch(() => {})
  }
}

async function remove(file: string, own: LockHolder): Promise<void> {
  const holder = await readHolder(file)
  const isOwn = typeof holder === 'object' && holder.pid === own.pid && holder.since === own.since
  if (isOwn) await rm(file, { force: true }).catch(() => {})
}

function inUse({ pid, folder, since }: LockHolder): MeasureError {
  return new MeasureError(
    'MACHINE_BUSY',
    `Another run measures on this machine: process ${pid}, saving to ${folder}, since ${since}. ` +
      'Both would disturb each other: wait for its end, or go on all the same with --force.',
  )
}
