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

test('options may come before the command', () => {
  expect(plain('-c', '5', '--body', '007', 'load', 'http://a/', '-d', '1')).toEqual([
    'load',
    '--connections=5',
    '--body=007',
    'http://a/',
    '--duration=1',
  ])
  expect(plain('--out', 'list', 'run', '--quick')).toEqual(['run', '--out=list', '--quick'])
  expect(plain('--frob', 'run')).toEqual(['--frob', 'run'])
  expect(plain('--json', 'load', 'load')).toEqual(['load', '--json', 'load'])
  expect(plain('--body', 'load', 'load', 'http://a/')).toEqual(['load', '--body=load', 'http://a/'])
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

test.each([
  [['load', 'http://a/', '--body', '007', '-H', '1', '-H', 'b', '--rate=1e3']],
  [['--body', '007', '-H', '1', '--rate', '1e3', 'load', 'http://a/', '-H', 'b']],
])('values come as they were written: %j', (given) => {
  const cli = commands()
  const args = plain(...given)
  cli.parse(['node', 'h2lab', ...args], { run: false })
  restoreTexts(cli.options, args)
  expect(cli.options).toMatchObject({ body: '007', header: ['1', 'b'], rate: '1e3' })
  expect(cli.args).toEqual(['http://a/'])
})
