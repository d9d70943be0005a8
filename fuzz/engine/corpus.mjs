import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/setup.mjs'

const TARGETS = join(root, 'fuzz', 'targets')

/** The names of all targets. */
export const targetNames = readdirSync(TARGETS).map((file) => file.replace(/\.ts$/, ''))

/** The folder with the saved inputs of a target. */
export function corpusFolder(target) {
  return join(root, 'fuzz', 'corpus', target)
}

/** The folder for inputs with which a target failed. */
export function findingsFolder(target) {
  return join(root, 'fuzz', 'findings', target)
}

/** The saved inputs of a target, the shortest first. */
export function readCorpus(target) {
  const folder = corpusFolder(target)
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, octets: readFileSync(join(folder, name)) }))
    .sort((one, other) => one.octets.length - other.octets.length)
}

/** Longer inputs are not added, in octets, and no more than this in all: the corpus is a part of the repository. */
const LONGEST = 2048
const MOST = 32_768

/**
 * Adds inputs to the corpus of a target, the shortest first, as long as there is room.
 *
 * @param {string} target
 * @param {readonly Uint8Array[]} found
 * @returns {number} how many were added
 */
export function addToCorpus(target, found) {
  const saved = readCorpus(target).map(({ octets }) => octets)
  let room = MOST - saved.reduce((sum, octets) => sum + octets.length, 0)
  let added = 0
  for (const input of [...found].sort((one, other) => one.length - other.length)) {
    const octets = Buffer.from(input)
    if (octets.length > Math.min(room, LONGEST)) break
    if (saved.some((one) => one.equals(octets))) continue
    saveInput(corpusFolder(target), octets)
    room -= octets.length
    added++
  }
  return added
}

/** Saves an input under a name made of its content. Returns its path. */
export function saveInput(folder, octets) {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, createHash('sha256').update(octets).digest('hex').slice(0, 12))
  writeFileSync(file, octets)
  return file
}
