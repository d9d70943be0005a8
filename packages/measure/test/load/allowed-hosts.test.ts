import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { checkPermitted, isLoopback, permissionFor } from '../../src/load/allowed-hosts'

/** A host that nobody asks: documentation has it, RFC 5737. */
const FOREIGN = 'http://192.0.2.7'

let folder = ''

beforeEach(async () => {
  folder = await temporaryFolder()
  const before = process.env['XDG_CONFIG_HOME']
  process.env['XDG_CONFIG_HOME'] = folder
  onTestFinished(() => {
    if (before === undefined) delete process.env['XDG_CONFIG_HOME']
    else process.env['XDG_CONFIG_HOME'] = before
  })
})

async function listHosts(text: string): Promise<void> {
  await mkdir(join(folder, 'h2lab'))
  await writeFile(join(folder, 'h2lab', 'hosts'), text)
}

test.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1', '::ffff:7f00:1'])(
  '%s is a loopback address',
  (address) => {
    expect(isLoopback(address)).toBe(true)
  },
)

test.each(['0.0.0.0', '10.0.0.1', '192.0.2.7', '::', '::2', '::ffff:10.0.0.1', 'fe80::1%eth0'])(
  '%s is none',
  (address) => {
    expect(isLoopback(address)).toBe(false)
  },
)

describe('a host', () => {
  test.each(['http://127.0.0.1:81', 'http://127.1', 'https://[::1]:443', 'http://localhost'])(
    'may be loaded as %s',
    async (origin) => {
      await checkPermitted(origin, 'loopback')
    },
  )

  test('that is not loopback may not, and the message says both ways', async () => {
    const refused = checkPermitted(FOREIGN, 'loopback')
    await expect(refused).rejects.toMatchObject({
      code: 'USAGE',
      message:
        '192.0.2.7 is not a loopback address, and unexpected load can harm a server. If the server is yours, ' +
        `give --i-own-this-target, or add a line with 192.0.2.7 to ${folder}/h2lab/hosts.`,
    })
  })

  test('that nobody knows can not be loaded', async () => {
    const refused = checkPermitted('http://nobody.invalid', 'loopback')
    await expect(refused).rejects.toMatchObject({ code: 'TARGET_UNAVAILABLE' })
  })

  test('may be any if the user says that it is theirs', async () => {
    await checkPermitted(FOREIGN, await permissionFor(FOREIGN, true))
  })
})

describe('the file of hosts', () => {
  test('may be missing', async () => {
    expect(await permissionFor(FOREIGN, false)).toBe('loopback')
  })

  test('has a host a line, and comments', async () => {
    await listHosts('# mine\nBox.example # in the cellar\n\n[2001:db8::1]\n')
    expect(await permissionFor('https://box.example:8443', false)).toBe('any')
    expect(await permissionFor('http://[2001:db8::1]', false)).toBe('any')
    expect(await permissionFor('http://other.example', false)).toBe('loopback')
  })

  test('is refused with what a line must be', async () => {
    await listHosts('box\nhttps://box/\n')
    await expect(permissionFor('http://box', false)).rejects.toThrow(
      `${folder}/h2lab/hosts, line 2 can't be "https://box/": it must be a name or an address`,
    )
  })
})
