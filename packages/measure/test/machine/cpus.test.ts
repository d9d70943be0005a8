import { describe, expect, test } from 'vitest'
import { testWithProgram } from '../../../../test-support/programs'
import { MeasureError } from '../../src'
import { allowedCpus, choosePinning, dividedCpus, parseCpuList } from '../../src/machine/cpus'
import { builtFile } from '../../src/processes/built-file'
import { readText } from '../../src/processes/proc-files'
import { startServerProcess } from '../../src/server-process/start-server-process'
import { HAS_PROC } from '../support/processes'

const alone = (cpu: number) => [cpu]

test.each([
  ['0', [0]],
  ['0-3', [0, 1, 2, 3]],
  ['1,4-5,9', [1, 4, 5, 9]],
])('%s is the list of CPUs %o', (list, cpus) => {
  expect(parseCpuList(list)).toEqual(cpus)
})

describe('generator and servers', () => {
  test('have one CPU each of two', () => {
    expect(dividedCpus([0, 1], alone)).toEqual({ generator: [1], servers: [0] })
  })

  test('of more CPUs, servers have those that share no core with the generator', () => {
    const siblings = (cpu: number) => [cpu % 4, (cpu % 4) + 4]
    expect(dividedCpus([0, 1, 2, 3, 4, 5, 6, 7], siblings)).toEqual({
      generator: [7],
      servers: [0, 1, 2, 4, 5, 6],
    })
  })

  test('share a core where there is one only', () => {
    expect(dividedCpus([2, 3], () => [2, 3])).toEqual({ generator: [3], servers: [2] })
  })

  test.each([[[0]], [[]]])('can not be kept apart on %o', (cpus) => {
    expect(() => dividedCpus(cpus, alone)).toThrow(MeasureError)
    expect(() => dividedCpus(cpus, alone)).toThrow(
      /^--pin can't be had here: this process may use /,
    )
  })
})

const hasTwo = (allowedCpus()?.length ?? 0) >= 2

describe.skipIf(!HAS_PROC || !hasTwo)('on this machine (skipped with one CPU)', () => {
  testWithProgram('taskset', 'a server keeps to the CPUs that it is given', async () => {
    const { servers } = await choosePinning()
    const script = builtFile('server-process', import.meta.url.replace('/test/', '/src/'))
    const server = await startServerProcess(script, { name: 'async/mini', tls: undefined }, servers)
    try {
      const status = readText(`/proc/${server.pid}/status`)!
      const list = /^Cpus_allowed_list:\s*(\S+)$/m.exec(status)![1]!
      expect(parseCpuList(list)).toEqual(servers)
      expect(await server.usage()).toBeDefined()
    } finally {
      await server.stop()
    }
  })

  test('without taskset they can not be kept apart, and why is said', async () => {
    const path = process.env['PATH']
    process.env['PATH'] = ''
    try {
      await expect(choosePinning()).rejects.toMatchObject({
        code: 'USAGE',
        message: expect.stringContaining("--pin can't be had here: taskset(1) of util-linux"),
      })
    } finally {
      process.env['PATH'] = path
    }
  })
})
