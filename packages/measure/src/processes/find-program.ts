import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The folders of servers, which on Debian are not on the PATH of every user. */
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin']

/** Finds a program on PATH or in the folders of servers. Undefined if it is not installed. */
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
