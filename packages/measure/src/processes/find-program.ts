import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Where servers lie; on Debian these are not on the PATH of every user. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']

/** Finds a program on PATH, or where servers lie; undefined if it is not there. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...SERVER_FOLDERS]
  return folders
    .filter((folder) => folder !== '')
    .map((folder) => join(folder, name))
    .find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
