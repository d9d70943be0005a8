import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { startProgram } from '../servers/program'
import type { SoakedServer } from '../servers/soaked-server'
import { brokenPromises } from '../trial/promises'
import { soak } from '../trial/soak'

const FAULTY = fileURLToPath(new URL('fixtures/faulty-server.mjs', import.meta.url))
/** In milliseconds. */
const DURATION = 8000

function faulty(fault: string): SoakedServer {
  return {
    name: fault,
    clients: 'many',
    answersTo: 'whole',
    start: () => startProgram(FAULTY, [fault]),
  }
}

describe('a server is found out that', () => {
  test.each([
    ['leaking', /^the memory grew from/],
    ['opening', /^the descriptors grew from|^without clients it has \d+ sockets/],
    ['confusing', /^\d+ answers were wrong/],
    ['failing', /^\d+ requests of well-behaved clients failed/],
    ['dying', /^the process ended by itself/],
    ['unstoppable', /^SIGTERM ended it with exit code 1/],
  ])('is %s', async (fault, promise) => {
    const broken = brokenPromises(await soak(faulty(fault), DURATION, 1))
    expect(broken.filter((words) => promise.test(words))).not.toEqual([])
  })
})
