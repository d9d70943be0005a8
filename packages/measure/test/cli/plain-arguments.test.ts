import { expect, test } from 'vitest'
import { commands } from '../../src/cli/commands'
import { plainArguments, restoreTexts } from '../../src/cli/plain-arguments'

const plain = (...args: string[]) => plainArguments(commands(), ['node', 'h2lab', ...args]).slice(2)

test('options have their long names', () => {
  expect(plain('load', '-c', '5', '-H', 'a: b', '-d=2')).toEqual([
    'load',
    '--connections=5',
    '--header=a: b',
    '--duration=2',
  ])
})

test('an option with many values has its name before each, up to the next option or URL', () => {
  expect(plain('load', '--workers', 'ssh a', 'ssh b', '-m', '2', '--json')).toEqual([
    'load',
    '--workers=ssh a',
    '--workers=ssh b',
    '--streams=2',
    '--json',
  ])
  expect(plain('load', '--workers', 'ssh a', 'http://box/')).toEqual([
    'load',
    '--workers=ssh a',
    'http://box/',
  ])
})

test('what is given already is left alone', () => {
  for (const args of [
    ['load', '--workers=ssh a', 'http://box/'],
    ['run', '--quick'],
    ['frob', '-c'],
  ]) {
    expect(plain(...args)).toEqual(args)
  }
  expect(plain('load', '--', '-c')).toEqual(['load', '--', '-c'])
})

test('a value may be a number below 0; another option is none', () => {
  expect(plain('load', '-c', '-1')).toEqual(['load', '--connections=-1'])
  expect(plain('load', '-c5', '-H', '-x: 1')).toEqual(['load', '--connections=5', '--header=-x: 1'])
  expect(plain('run', '--out', '--quick')).toEqual(['run', '--out', '--quick'])
  expect(plain('run', '--out', '')).toEqual(['run', '--out='])
})

test('values come as they were written', () => {
  const cli = commands()
  const args = plain('load', 'http://a/', '--body', '007', '-H', '1', '-H', 'b', '--rate=1e3')
  cli.parse(['node', 'h2lab', ...args], { run: false })
  restoreTexts(cli.options, args)
  expect(cli.options).toMatchObject({ body: '007', header: ['1', 'b'], rate: '1e3' })
})
