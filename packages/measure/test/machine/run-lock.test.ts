import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { startTimeOf } from '../../src/machine/process-cpu'
import { LOCK_PREFIX, type LockHolder, takeRunLock } from '../../src/machine/run-lock'
import { HAS_PROC } from '../support/processes'

/** Leaves the lock of somebody else. */
async function leaveLock(place: string, about: Partial<LockHolder>): Promise<void> {
  const holder = {
    pid: process.pid,
    startTime: startTimeOf(process.pid) ?? null,
    folder: '/somewhere',
    since: '2026-11-25T09:52:03.000Z',
  }
  await writeFile(join(place, `${LOCK_PREFIX}other`), JSON.stringify({ ...holder, ...about }))
}

/** The number of a process that has been, and is gone. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['-e', ''])
  await once(child, 'exit')
  return child.pid!
}

describe('the lock of a run', () => {
  test('is refused to a second one, naming the first', async () => {
    const place = await temporaryFolder()
    const lock = await takeRunLock('/results/first', false, place)
    const [name] = await readdir(place)
    const { since } = JSON.parse(await readFile(join(place, name!), 'utf8')) as LockHolder
    await expect(takeRunLock('/results/second', false, place)).rejects.toMatchObject({
      code: 'MACHINE_BUSY',
      message: expect.stringContaining(
        `process ${process.pid}, saving to /results/first, since ${since}.`,
      ),
    })
    expect(await readdir(place)).toEqual([name])
    await lock.release()
  })

  test('is free again when it is released, and nothing is left', async () => {
    const place = await temporaryFolder()
    for (let time = 1; time <= 2; time++) {
      const lock = await takeRunLock('/results', false, place)
      expect(lock.heldBy).toBeUndefined()
      await lock.release()
    }
    expect(await readdir(place)).toEqual([])
  })

  test('does not stop who goes on by force, but then a third one', async () => {
    const place = await temporaryFolder()
    const first = await takeRunLock('/results/first', false, place)
    const second = await takeRunLock('/results/second', true, place)
    expect(second.heldBy).toMatchObject({ pid: process.pid, folder: '/results/first' })
    await first.release()
    await expect(takeRunLock('/results/third', false, place)).rejects.toThrow('/results/second')
    await second.release()
  })

  test('of a process that is gone does not count', async () => {
    const place = await temporaryFolder()
    await leaveLock(place, { pid: await endedPid() })
    const lock = await takeRunLock('/results', false, place)
    expect(lock.heldBy).toBeUndefined()
    await lock.release()
    expect(await readdir(place)).toEqual([])
  })

  test.skipIf(!HAS_PROC)(
    'of a process whose number another one has now does not count',
    async () => {
      const place = await temporaryFolder()
      await leaveLock(place, { startTime: '1' })
      const lock = await takeRunLock('/results', false, place)
      expect(lock.heldBy).toBeUndefined()
      await lock.release()
    },
  )

  test('of nobody does not count', async () => {
    const place = await temporaryFolder()
    await writeFile(join(place, `${LOCK_PREFIX}other`), 'nonsense')
    const lock = await takeRunLock('/results', false, place)
    expect(await readdir(place)).toHaveLength(1)
    await lock.release()
  })

  test('that can not be written keeps nobody from measuring', async () => {
    const lock = await takeRunLock('/results', false, join(await temporaryFolder(), 'no'))
    expect(lock.heldBy).toBeUndefined()
    await lock.release()
  })

  test('is had by one of many at the same moment, also when a dead one has to go first', async () => {
    const place = await temporaryFolder()
    const pid = await endedPid()
    for (let time = 1; time <= 5; time++) {
      await leaveLock(place, { pid })
      const takers = await Promise.allSettled(
        Array.from({ length: 8 }, (_, index) => takeRunLock(`/results/${index}`, false, place)),
      )
      const locks = takers.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(locks).toHaveLength(1)
      await locks[0]!.release()
      expect(await readdir(place)).toEqual([])
    }
  })
})
