import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import type { LossyTransfer } from '../network/lossy-transfer'
import { CLEAN_END } from '../servers/program'
import { SERVERS_BY_DEFAULT } from '../servers/soaked-server'
import { noNamespace, UNSHARE } from './support/namespace'

const TRANSFER = fileURLToPath(new URL('../dist/lossy-transfer.js', import.meta.url))
/** In milliseconds; without other load it takes less than a quarter of it. */
const LONGEST_TRANSFER = 90_000

const reason = noNamespace()

describe('through a network that loses 2 % of the packets, and delays and reorders the others,', () => {
  if (reason !== undefined) {
    console.log(`The tests with a lossy network are skipped: ${reason}`)
    test.skip(`(skipped: ${reason})`)
    return
  }

  describe.each(SERVERS_BY_DEFAULT)('%s', (name) => {
    test.each(['--tls', '--no-tls'])(
      'transfers 10 MiB up and down at once with %s',
      async (transport) => {
        const [program, ...args] = UNSHARE
        const { stdout } = await promisify(execFile)(
          program,
          [...args, process.execPath, TRANSFER, name, transport],
          { timeout: LONGEST_TRANSFER },
        )
        const transfer = JSON.parse(stdout) as LossyTransfer
        expect(transfer).toMatchObject({ right: 3, words: [], end: CLEAN_END })
        expect(transfer.retransmitted).toBeGreaterThan(0)
      },
    )
  })
})
