import { describe, expect, test } from 'vitest'
import { h2lab } from '../support/h2lab'

describe('wrong usage ends with exit code 2 and a line that says what is allowed', () => {
  test.each([
    [[], 'h2lab needs a command: list, serve, run, load, report, compare.'],
    [
      ['frob'],
      'There is no command "frob": it must be one of list, serve, run, load, report, compare.',
    ],
    [
      ['run', '--frob'],
      'h2lab run has no option --frob: it takes --implementations, --peers, --target,',
    ],
    [['list', '--quick'], 'h2lab list has no option --quick: it takes --json.'],
    [['report', 'a', '--json'], 'h2lab report has no option --json: it takes --wide.'],
    [
      ['run', 'walk'],
      'There is no experiment "walk": it must be one of sweep, latency, equal-rate.',
    ],
    [['run', 'sweep', 'twice'], 'h2lab run takes no argument "twice".'],
    [['serve'], 'h2lab serve needs its argument <implementation>.'],
    [['report'], 'h2lab report needs its argument <folder>.'],
    [['serve', 'apache'], 'There is no implementation "apache": it must be one of none/mini,'],
    [['serve', 'async/mini', '--port', '65536'], '--port can\'t be "65536": it must be an integer'],
    [['serve', 'async/mini', '--cert', 'c.pem'], '--cert and --key must be given together'],
    [['run', '--implementations', 'async/mini,x'], '--implementations can\'t be "x": it must be'],
    [['run', '--peers', 'apache'], '--peers can\'t be "apache": it must be some of auto, none,'],
    [['run', '--peers', 'auto,nginx'], "--peers auto can't be combined with others"],
    [['run', '--target', 'box:8443'], '--target can\'t be "box:8443": it must be a URL'],
    [['run', '--target', 'https://box/', '--tls', 'off'], 'is with TLS, so --tls must be on or'],
    [['run', '--target-http', 'h2'], '--target-http requires --target'],
    [['run', '--target', 'http://box/', '--target-http', 'h3'], '--target-http can\'t be "h3"'],
    [
      ['run', '--generator', 'embedded', '--generator-command', 'ssh box h2load'],
      '--generator-command runs h2load',
    ],
    [['run', '--clients', '0'], '--clients can\'t be "0": it must be integers from 1 to 1000,'],
    [['run', '--streams', '1,two'], '--streams can\'t be "1,two": it must be integers from 1 to'],
    [['run', '--streams', '1.5'], '--streams can\'t be "1.5": it must be integers from 1 to'],
    [['run', '--tls', 'maybe'], '--tls can\'t be "maybe": it must be one of on, off, both.'],
    [['run', '--duration', '0'], '--duration can\'t be "0": it must be a number from 0.1 to'],
    [['run', '--duration', 'long'], '--duration can\'t be "long": it must be a number'],
    [['run', '--duration'], 'option `--duration <seconds>` value is missing'],
    [['run', '--warmup=-1'], '--warmup can\'t be "-1": it must be a number from 0 to'],
    [['run', '--repeat', '0'], '--repeat can\'t be "0": it must be an integer from 1 to'],
    [['run', '--repeat', '1', '--repeat', '2'], '--repeat must be given once.'],
    [
      ['run', '--repeat', '2', '--precision', '5%'],
      "--repeat and --precision can't be given together",
    ],
    [['run', '--precision', 'high'], '--precision can\'t be "high": it must be a percentage from'],
    [['run', '--budget', 'all'], '--budget can\'t be "all": it must be a number from 0 to'],
    [['run', '--seed=-1'], '--seed can\'t be "-1": it must be an integer from 0 to'],
    [['run', '--generator', 'h2load', '--seed', '1'], '--seed is for the order of turns'],
    [['run', '--quick', '--quick'], '--quick must be given once.'],
    [['run', '--out', ''], 'option `--out <folder>` value is missing'],
    [['load', 'http://127.0.0.1/', '-c', '-1'], '--connections can\'t be "-1"'],
    [['load', 'http://127.0.0.1/', '--a(b', '1'], 'h2lab load has no option --a(b'],
    [['list', '--', 'more'], 'h2lab list takes no argument "more".'],
    [['load', 'http://127.0.0.1/', '--body', '/dev/zero'], '--body /dev/zero has more than'],
    [['run', '--out='], 'option `--out <folder>` value is missing'],
    [
      ['serve', 'async/mini', '--no-tls', '--cert', 'c', '--key', 'k'],
      '--cert and --key require TLS',
    ],
    [
      ['run', '--generator', 'wrk'],
      '--generator can\'t be "wrk": it must be one of embedded, h2load',
    ],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await h2lab(args)
    expect(stderr).toContain(message)
    expect(stderr).toMatch(/See h2lab.* --help\.\n$/)
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })
})

test.each(['list', 'serve', 'run', 'load', 'report'])('h2lab %s has a help', async (command) => {
  const { code, stdout } = await h2lab([command, '--help'])
  expect(stdout).toContain(`$ h2lab ${command}`)
  expect(code).toBe(0)
})

test('h2lab --help names all commands', async () => {
  const { code, stdout } = await h2lab(['--help'])
  for (const command of ['list', 'serve', 'run', 'load', 'report'])
    expect(stdout).toContain(command)
  expect(code).toBe(0)
})
