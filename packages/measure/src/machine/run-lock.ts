import { randomBytes } from 'node:crypto'
import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import * as v from 'valibot'
import { MeasureError } from '../errors'
import { startTimeOf } from './process-cpu'

/*
 * Concurrent runs would disturb each other. So each run first writes a lock file, then looks for those of others. Of
 * two simultaneous runs, at least one sees the other, and then removes its own file. A name is never reused, so
 * anybody may remove the file of a process that is gone.
 */

const holderSchema = v.object({
  pid: v.number(),
  /** In ticks since boot, because the number may be reused later. Null if there is no /proc. */
  startTime: v.nullable(v.string()),
  /** Where the run saves. */
  /** Null if it saves nothing because it compares. */
  folder: v.nullable(v.string()),
  /** ISO 8601. */
  since: v.string(),
})

/** A run that is measuring on this machine. */
export type LockHolder = v.InferOutput<typeof holderSchema>

/** The lock of a run. */
export interface RunLock {
  /** The other run, which is only possible with `force`. */
  readonly heldBy: LockHolder | undefined
  /** Releases the lock. Never fails. */
  release(): Promise<void>
}

/** The prefix of the file names. */
export const LOCK_PREFIX = 'h2lab-lock-'

/** A lock seen this many times in a row wins. Other runs then remove their files. */
const SIGHTINGS = 3

/** The shortest and the longest wait before the next look, in milliseconds. */
const PAUSE = { least: 10, most: 50 } as const

/**
 * Locks the machine for a run. The lock of a process that is gone does not count.
 *
 * @param folder where the run saves, for the messages of other runs; null if it only compares
 * @param force ignores other runs
 * @param place where the files are
 * @throws MeasureError `MACHINE_BUSY` naming the run that holds the lock
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
    // A full disk or a read-only folder must not prevent measuring.
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

/** @returns whether it was written; others never see a part of the file */
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

/** Finds the locks of live processes and removes the others. */
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

/** Undefined if the file is not a lock or is gone. */
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

/** Files of other users may stay: they do not count. */
async function remove(place: string, name: string): Promise<void> {
  await rm(join(place, name), { force: true }).catch(() => {})
}

function inUse({ pid, folder, since }: LockHolder): MeasureError {
  return new MeasureError(
    'MACHINE_BUSY',
    `Another run is measuring on this machine: process ${pid}, ${folder === null ? 'comparing' : `saving to ${folder}`}, since ${since}. ` +
      'They would disturb each other: wait until it has ended, or use --force.',
  )
}
