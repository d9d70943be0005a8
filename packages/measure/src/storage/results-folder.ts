import { readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as v from 'valibot'
import { describeIssue } from '../describe-issue'
import { MeasureError } from '../errors'
import { parseTrial, type Trial } from '../trial/trial'
import { makeFolder, makeOne, removeEmptyFolders } from './make-folder'
import { type Manifest, manifestSchema } from './manifest'

/** The contents of a run's folder. */
export interface Results {
  readonly manifest: Manifest
  readonly trials: readonly Trial[]
}

const MANIFEST_FILE = 'manifest.json'
export const TRIALS_FILE = 'trials.jsonl'

/** A newly created folder of a run. */
export interface MadeFolder {
  readonly path: string
  /** Removes what was created, because nothing was run. */
  discard(): Promise<void>
}

/**
 * Creates the folder of a run, with an empty file for its trials.
 *
 * @throws MeasureError `RESULTS_UNWRITABLE` if it can't be created or is not empty; nothing is left behind then
 */
export function makeResultsFolder(folder: string): Promise<MadeFolder> {
  return writing(folder, async () => begin(folder, await makeFolder(folder)))
}

/**
 * Creates a folder of this name, or `name-2`, `name-3` and so on if it exists.
 *
 * @throws MeasureError `RESULTS_UNWRITABLE`; nothing is left behind then
 */
export function makeNewResultsFolder(parent: string, name: string): Promise<MadeFolder> {
  return writing(join(parent, name), async () => {
    const above = await makeFolder(parent)
    for (let number = 1; ; number++) {
      const folder = join(parent, number === 1 ? name : `${name}-${number}`)
      // Only one of two concurrent runs creates it.
      if ((await makeOne(folder)) === 'made') return begin(folder, [...above, folder])
    }
  })
}

/** @param made the folders to remove if this fails */
async function begin(folder: string, made: readonly string[]): Promise<MadeFolder> {
  try {
    if ((await readdir(folder)).length > 0) {
      throw new Error('the folder is not empty; choose one that is, or that does not exist')
    }
    await writeFile(join(folder, TRIALS_FILE), '', { flag: 'wx' })
  } catch (error) {
    await removeEmptyFolders(made)
    throw error
  }
  return {
    path: folder,
    async discard() {
      for (const file of [TRIALS_FILE, MANIFEST_FILE]) await rm(join(folder, file), { force: true })
      await removeEmptyFolders(made)
    },
  }
}

/** Writes the manifest, replacing the previous one. */
export async function saveManifest(folder: string, manifest: Manifest): Promise<void> {
  await saveFile(folder, MANIFEST_FILE, `${JSON.stringify(manifest, undefined, 2)}\n`)
}

/** Writes a file of the run atomically. If that fails, the previous file stays. */
export async function saveFile(folder: string, name: string, contents: string): Promise<void> {
  const file = join(folder, name)
  const unfinished = `${file}.part`
  await writing(folder, async () => {
    try {
      await writeFile(unfinished, contents)
      await rename(unfinished, file)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw error
    }
  })
}

/**
 * Reads a run.
 *
 * @throws MeasureError `RESULTS_UNREADABLE` with the file, and the line if known
 */
export async function readResults(folder: string): Promise<Results> {
  return { manifest: await readManifest(folder), trials: await readTrials(folder) }
}

async function readManifest(folder: string): Promise<Manifest> {
  const file = join(folder, MANIFEST_FILE)
  const result = v.safeParse(manifestSchema, parseJson(await readText(file), file))
  if (result.success) return result.output
  throw unreadable(file, describeIssue(result.issues[0]))
}

async function readTrials(folder: string): Promise<Trial[]> {
  const file = join(folder, TRIALS_FILE)
  const lines = (await readText(file)).split('\n')
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return []
    const place = `${file}:${index + 1}`
    const value = parseJson(line, place)
    try {
      return [parseTrial(value)]
    } catch (error) {
      throw unreadable(place, messageOf(error))
    }
  })
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    throw unreadable(file, `${messageOf(error)}. It has to be a folder written by h2lab run`)
  }
}

function parseJson(text: string, place: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw unreadable(place, `invalid JSON: ${messageOf(error)}`)
  }
}

function unreadable(place: string, reason: string): MeasureError {
  return new MeasureError('RESULTS_UNREADABLE', `Can't read ${place}: ${reason}.`)
}

/** Runs a write and reports the folder if it fails. */
export async function writing<Result>(
  folder: string,
  write: () => Promise<Result>,
): Promise<Result> {
  try {
    return await write()
  } catch (cause) {
    throw new MeasureError(
      'RESULTS_UNWRITABLE',
      `Can't save results in ${folder}: ${messageOf(cause)}.`,
      { cause },
    )
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
