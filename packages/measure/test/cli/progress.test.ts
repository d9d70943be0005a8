import { expect, test } from 'vitest'
import { duration, Progress } from '../../src/cli/progress'

function progressOn(terminal: { isTTY: boolean; columns?: number }) {
  const written: string[] = []
  const stream = { ...terminal, write: (text: string) => written.push(text) > 0 }
  return { progress: new Progress(stream), written }
}

const trial = (number: number) => ({ first: number, last: number, of: 3 })

test('on a terminal progress is one line that is replaced, and gone at the end', () => {
  const { progress, written } = progressOn({ isTTY: true, columns: 80 })
  progress.trialsStarted(trial(1), 'one')
  progress.trialEnded()
  progress.trialsStarted(trial(2), 'two')
  progress.end()
  const erased = '\u001b[2K\r'
  expect(written).toEqual(['[1/3] one', erased, '[2/3] two, 1 s left', erased])
})

test('elsewhere progress is a plain line for each trial', () => {
  const { progress, written } = progressOn({ isTTY: false })
  progress.trialsStarted(trial(1), 'one')
  progress.trialEnded()
  progress.trialsStarted(trial(2), 'two')
  progress.end()
  expect(written).toEqual(['[1/3] one\n', '[2/3] two, 1 s left\n'])
})

test('several trials that take turns are one line', () => {
  const { progress, written } = progressOn({ isTTY: false })
  progress.trialsStarted({ first: 4, last: 6, of: 9 }, 'three servers')
  expect(written).toEqual(['[4-6/9] three servers\n'])
})

test('with a budget nobody knows how many there will be, but how long it takes', () => {
  const { progress, written } = progressOn({ isTTY: false })
  progress.trialsStarted({ first: 4, last: 6, of: undefined }, 'three servers', 80)
  expect(written).toEqual(['[4-6] three servers, 1 min 20 s left\n'])
})

test('a line never wraps: what has no room is cut off', () => {
  const { progress, written } = progressOn({ isTTY: true, columns: 10 })
  progress.trialsStarted(trial(1), 'a long name')
  expect(written).toEqual(['[1/3] a l'])
})

test('a note stays, on a line of its own', () => {
  const { progress, written } = progressOn({ isTTY: true, columns: 80 })
  progress.trialsStarted(trial(1), 'one')
  progress.note('failed: one')
  expect(written.at(-1)).toBe('failed: one\n')
  expect(written).toContain('\u001b[2K\r')
})

test.each([
  [0.2, '1 s'],
  [59.4, '59 s'],
  [80, '1 min 20 s'],
])('%d seconds are shown as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text)
})
