/** An option or error code as documented in a table of a README. */
export interface Documented {
  readonly name: string
  /** The README. */
  readonly file: string
  /** The functions that take the option, or the error classes that have the code. */
  readonly owners: readonly string[]
}

/** What the tables of a README document. */
export interface DocumentedNames {
  readonly options: readonly Documented[]
  readonly codes: readonly Documented[]
  /** Tables of options or codes that don't name their owner. */
  readonly ownerless: readonly string[]
}

interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads the tables of a README that document options or codes:
 *
 * - `option of createServer` or `limit of ...` as the first heading, with each name formatted as code. Each first
 *   cell then contains one or more names formatted as code;
 * - `code of MisuseError` as the first heading; or `code` as the first and `class` as the second one.
 *
 * Other tables and the flags of commands are ignored.
 */
export function documentedNames(file: string, text: string): DocumentedNames {
  const options: Documented[] = []
  const codes: Documented[] = []
  const ownerless: string[] = []
  for (const { header, rows } of tablesOf(text)) {
    const [first = '', second] = header
    const kind = /^(option|limit|code)s?\b/.exec(first)?.[1]
    const names = rows.map(([cell = '', other = '']) => ({ names: codeOf(cell), other }))
    if (kind === undefined || names.every((row) => row.names.every(isFlag))) {
      if (header.includes('code')) ownerless.push(`${file}: ${header.join(' | ')}`)
      continue
    }
    const owners = codeOf(first)
    if (owners.length === 0 && second !== 'class') ownerless.push(`${file}: ${header.join(' | ')}`)
    for (const row of names) {
      const whose = owners.length > 0 ? owners : codeOf(row.other)
      const documented = row.names.map((name) => ({ name, file, owners: whose }))
      if (kind === 'code') codes.push(...documented)
      else options.push(...documented)
    }
  }
  return { options, codes, ownerless }
}

function isFlag(name: string): boolean {
  return name.startsWith('-')
}

function tablesOf(text: string): readonly Table[] {
  const tables: Table[] = []
  const lines = text.split('\n')
  lines.forEach((line, index) => {
    if (!/^\|[ :|-]+\|$/.test(line) || !lines[index - 1]?.startsWith('|')) return
    const end = lines.findIndex((other, at) => at > index && !other.startsWith('|'))
    const rows = lines.slice(index + 1, end < 0 ? undefined : end).map(cellsOf)
    tables.push({ header: cellsOf(lines[index - 1]!), rows })
  })
  return tables
}

function cellsOf(line: string): readonly string[] {
  return line
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** The parts of a cell formatted as code. */
function codeOf(cell: string): readonly string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code!)
}
