import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { MeasureError } from '../errors'
import { startTimeOf } from './process-cpu'

/*
 * Two runs at the same time would measure each other. So each leaves a file where the others look: first it writes
 * its own, then it looks for others. Of two that come at the same moment, at least one sees the other; who sees
 * another one takes its file back. A name is never used twice, so anybody may remove the file of a process that is
 * gone.
 */

const holderSchema = v.object({
  pid: v.number(),
  /** As the machine counts it: another process may get the number later. Null where there is no /proc. */
  startTime: v.nullable(v.string()),
  /** Where the run saves. */
  /** Null: it saves nothing, since it compares. */
  folder: v.nullable(v.string()),
  /** ISO 8601. */
  since: v.string(),
})

/** A run that measures on this machine. */
export type LockHolder = v.InferOutput<typeof holderSchema>

/** The lock of a run. */
export interface RunLock {
  /** Whose the machine is, too: only with `force`. */
  readonly heldBy: LockHolder | undefined
  /** Gives the machine back; never fails. */
  release(): Promise<void>
}

/** How the files' names begin. */
export const LOCK_PREFIX = 'h2lab-lock-'

/** Who is seen so many times in a row has the machine; others that only want it take their files back. */
const SIGHTINGS = 3

/** How long to wait before looking again, in milliseconds, at least and at most. */
const PAUSE = { least: 10, most: 50 } as const

/**
 * Takes the machine for a run. The lock of a process that is gone does not count.
 *
 * @param folder where the run saves, for others to read; null: it only compares
 * @param force goes on beside another run
 * @param place where the files are
 * @throws MeasureError `MACHINE_BUSY` naming the run that has it
 */
export async function takeRunLock(
  folder: string | null,
  force = false,
  place = tmpdir(),
): Promise<RunLock> {
  const startTime = startTimeOf(process.pid) ?? null
  const own = { pid: process.pid, startTime, folder, since: new Date().toISOString() }
  const sightings = new Map<string, number>()
  for (;;) {
    const name = `${LOCK_PREFIX}${process.pid}-${randomBytes(8).toString('hex')}`
    // A full disk, or a folder that nobody may write to, keeps nobody from measuring.
    if (!(await write(place, name, own))) return { heldBy: undefined, release: async () => {} }
    const release = () => remove(place, name)
    const others = (await livingIn(place)).filter((one) => one.name !== name)
    if (others.length === 0 || force) return { heldBy: others[0]?.holder, release }
    await release()
    for (const { name: other, holder } of others) {
      const times = (sightings.get(other) ?? 0) + 1
      if (times === SIGHTINGS) throw inUse(holder)
      sightings.set(other, times)
    }
    await delay(PAUSE.least + Math.random() * (PAUSE.most - PAUSE.least))
  }
}

/** @returns whether it could be written; nobody sees a part of it */
async function write(place: string, name: string, holder: LockHolder): Promise<boolean> {
  const draft = join(place, `draft-${name}`)
  try {
    await writeFile(draft, JSON.stringify(holder), { flag: 'wx' })
    await rename(draft, join(place, name))
    return true
  } catch {
    await rm(draft, { force: true }).catch(() => {})
    return false
  }
}

interface FoundLock {
  readonly name: string
  readonly holder: LockHolder
}

/** Finds the locks of processes that are there, and removes the others'. */
async function livingIn(place: string): Promise<FoundLock[]> {
  const names = (await readdir(place)).filter((name) => name.startsWith(LOCK_PREFIX))
  const found: FoundLock[] = []
  for (const name of names) {
    const holder = await readHolder(join(place, name))
    if (holder !== undefined && isAlive(holder)) found.push({ name, holder })
    else await remove(place, name)
  }
  return found
}

/** Undefined for a file that is no lock, or is gone by now. */
async function readHolder(file: string): Promise<LockHolder | undefined> {
  try {
    const result = v.safeParse(holderSchema, JSON.parse(await readFile(file, 'utf8')))
    return result.success ? result.output : undefined
  } catch {
    return undefined
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

/** What belongs to another user may stay: it doesn't count. */
async function remove(place: string, name: string): Promise<void> {
  await rm(join(place, name), { force: true }).catch(() => {})
}

function inUse({ pid, folder, since }: LockHolder): MeasureError {
  return new MeasureError(
    'MACHINE_BUSY',
    `Another run measures on this machine: process ${pid}, ${folder === null ? 'comparing' : `saving to ${folder}`}, since ${since}. ` +
      'Both would disturb each other: wait for its end, or go on all the same with --force.',
  )
}
