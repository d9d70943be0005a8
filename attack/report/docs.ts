import { readFileSync, writeFileSync } from 'node:fs'

const BEGIN = '<!-- attack table: made by `npm run attack -- --docs` -->'
const END = '<!-- end of the attack table -->'

/** Puts the table between its markers. @throws Error if the file has no markers */
export function writeIntoDocs(file: string, table: string): void {
  const text = readFileSync(file, 'utf8')
  const begin = text.indexOf(BEGIN)
  const end = text.indexOf(END)
  if (begin < 0 || end < begin) throw new Error(`${file} lacks the line ${BEGIN}, or its end.`)
  writeFileSync(file, `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`)
}
