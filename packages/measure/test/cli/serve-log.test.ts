import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { ServeLog } from '../../src/cli/serve-log'

function fault(message: string, code?: string) {
  return { error: Object.assign(new Error(message), code && { code }), peer: '127.0.0.1:4000' }
}

describe('the log of h2lab serve', () => {
  test('has a line for each fault, with peer, message and code', () => {
    const lines: string[] = []
    const log = new ServeLog((line) => lines.push(line))
    log.add(fault('it was reset', 'ECONNRESET'))
    log.add(fault('a fault without a code'))
    log.add({ ...fault('a fault of no client'), peer: 'unknown' })
    expect(lines).toEqual([
      '127.0.0.1:4000: it was reset (ECONNRESET)\n',
      '127.0.0.1:4000: a fault without a code\n',
      'a fault of no client\n',
    ])
    log.close()
  })

  test('has ten lines of a kind, then the number of the others when the period is over', async () => {
    const lines: string[] = []
    const log = new ServeLog((line) => lines.push(line), 50)
    for (let count = 0; count < 1234; count++) log.add(fault('it was reset', 'ECONNRESET'))
    log.add(fault('no preface', 'CLIENT_PREFACE_MISMATCH'))
    expect(lines).toHaveLength(11)
    expect(lines[10]).toContain('no preface')
    await eventually(() => expect(lines).toHaveLength(12))
    expect(lines[11]).toBe('1224 more of the kind ECONNRESET\n')
    log.add(fault('it was reset', 'ECONNRESET'))
    expect(lines).toHaveLength(13)
    log.close()
  })

  test('says at its end how many were left out', () => {
    const lines: string[] = []
    const log = new ServeLog((line) => lines.push(line))
    for (let count = 0; count < 11; count++) log.add(fault('it was reset', 'ECONNRESET'))
    log.close()
    expect(lines.at(-1)).toBe('1 more of the kind ECONNRESET\n')
    log.close()
    expect(lines).toHaveLength(11)
  })

  test('lets no control character reach the terminal, also none of C1', () => {
    const lines: string[] = []
    const log = new ServeLog((line) => lines.push(line))
    log.add(fault('\x1b[2J\x7f\x9b31m\r\n127.0.0.1:1: forged', 'E\x9b'))
    log.close()
    expect(lines).toEqual([
      '127.0.0.1:4000: \\x1b[2J\\x7f\\x9b31m\\x0d\\x0a127.0.0.1:1: forged (E\\x9b)\n',
    ])
  })
})
