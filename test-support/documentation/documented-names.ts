/** An option or an error's code, as a table of a README has it. */
export interface Documented {
  readonly name: string
  /** The README. */
  readonly file: string
  /** What takes the option, or the class of errors: one or several. */
  readonly owners: readonly string[]
}

/** What the tables of a README document. */
export interface DocumentedNames {
  readonly options: readonly Documented[]
  readonly codes: readonly Documented[]
  /** Tables of options or codes that don't say whose they are. */
  readonly ownerless: readonly string[]
}

interface Table {
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

/**
 * Reads the tables of a README that document options or codes:
 *
 * - `option of createServer` or `limit of ...` as the first heading, each name in code. Each of the first cells
 *   then has one or several names in code;
 * - `code of MisuseError` as the first heading; or `code` as the first and `class` as the second one.
 *
 * Tables about something else are passed over, and so are the flags of commands.
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

/** What is in code in a cell. */
function codeOf(cell: string): readonly string[] {
  return Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code!)
}
