import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { decodeFromCompressedBase64 } from 'hdr-histogram-js'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test-support/eventually'
import { testWithProgram } from '../../../../test-support/programs'
import { sshServer } from '../../../../test-support/ssh-server'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { encodedHistogram } from '../support/encoded-histogram'
import { H2LAB_COMMAND, h2lab, type RunningH2lab, startH2lab } from '../support/h2lab'
import { parseLoadReport } from '../support/load-report'
import { allGone, descendantsOf, HAS_PROC } from '../support/processes'
import { type RecordingServer, recordingServer } from '../support/recording-server'

/** How h2lab is started where a worker is. */
const WORKER = `${process.execPath} ${H2LAB_COMMAND} load --worker`

/** Arguments for a load that such commands make. */
function byWorkers(server: RecordingServer, commands: readonly string[], ...more: string[]) {
  const { origin } = server
  return ['load', `${origin}/`, '--workers', ...commands, '--worker-command', WORKER, ...more]
}

/** A command for the shell that runs what is behind it as its last part, after or beside something else. */
async function wrapper(script: string): Promise<string> {
  const file = join(await temporaryFolder(), 'wrapper')
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
  return file
}

/** A command for the shell that waits until the test wants it to go on. */
async function signal(): Promise<{ readonly wait: string; trigger(): Promise<void> }> {
  const file = join(await temporaryFolder(), 'signal')
  return {
    wait: `until [ -e ${file} ]; do sleep 0.1; done`,
    trigger: () => writeFile(file, ''),
  }
}

/** What is under way of a worker, by its part of a command line. */
function processesOf(h2lab: RunningH2lab, text: string) {
  return descendantsOf(h2lab.pid).filter(({ command }) => command.includes(text))
}

test('workers share a load: connections, requests and histogram', async () => {
  const server = await recordingServer()
  const args = byWorkers(server, ['env WORKER=1', 'env WORKER=2'], '-c', '3', '-n', '100', '--json')
  const { code, stdout, stderr } = await h2lab(args)
  expect(stderr).toBe('')
  const report = parseLoadReport(stdout)
  expect(report.workers).toMatchObject([
    { name: 'env WORKER=1', connections: 2, state: 'completed', started: 66 },
    { name: 'env WORKER=2', connections: 1, state: 'completed', started: 34 },
  ])
  expect(report.requests).toMatchObject({ started: 100, succeeded: 100 })
  expect(decodeFromCompressedBase64(report.latency.histogram).totalCount).toBe(100)
  expect(server.requests).toHaveLength(100)
  expect(server.connections).toBe(3)
  expect(code).toBe(0)
})

test('with threads there are several workers behind each command', async () => {
  const server = await recordingServer()
  const args = byWorkers(server, ['env'], '--threads', '2', '-c', '2', '-n', '10', '--json')
  const { workers } = parseLoadReport((await h2lab(args)).stdout)
  expect(workers.map(({ name }) => name)).toEqual(['env, 1 of 2', 'env, 2 of 2'])
})

test('the banner of a login is passed over', async () => {
  const banner = await wrapper('echo "Welcome to box1"; printf "Last login: never "; exec "$@"')
  const server = await recordingServer()
  const { code, stdout } = await h2lab(byWorkers(server, [banner], '-n', '5', '--json'))
  expect(parseLoadReport(stdout).requests.succeeded).toBe(5)
  expect(code).toBe(0)
})

describe('a worker that is lost is named, and the others go on:', () => {
  test.runIf(HAS_PROC)('one that is killed', async () => {
    const server = await recordingServer()
    const commands = ['env WORKER=1', 'env WORKER=2']
    const args = byWorkers(server, commands, '-c', '2', '-d', '3', '--json', '--threads', '1')
    const run = startH2lab(args)
    await eventually(() => expect(server.requests.length).toBeGreaterThan(10))
    process.kill(processesOf(run, 'load --worker')[1]!.pid, 'SIGKILL')
    const { code, stdout } = await run.ended
    const { workers, connections, requests } = parseLoadReport(stdout)
    const lost = workers.filter(({ state }) => state === 'lost')
    expect(lost).toEqual([
      { name: expect.any(String), connections: 1, state: 'lost', reason: 'ended (SIGKILL)' },
    ])
    expect(workers).toHaveLength(2)
    expect(connections).toBe(1)
    expect(requests.started).toBe(requests.succeeded)
    expect(code).toBe(1)
  })

  test('one that says what is no message; the summary has it in words', async () => {
    const { wait, trigger } = await signal()
    const chatty = await wrapper(`exec 3<&0; "$@" <&3 & ${wait}; echo Segmentation fault; wait`)
    const server = await recordingServer()
    const run = startH2lab(byWorkers(server, ['env', chatty], '-c', '2', '-d', '3'))
    await eventually(() => expect(server.requests.length).toBeGreaterThan(10))
    await trigger()
    const { code, stdout } = await run.ended
    expect(stdout).toContain(
      `${chatty}: 1 connection, LOST: sent an invalid message: "Segmentation fault"`,
    )
    expect(stdout).toContain(`Lost ${chatty}: their share of the load is in none of the figures.`)
    expect(code).toBe(1)
  })

  test('one whose histogram would fill the memory', async () => {
    const script = join(await temporaryFolder(), 'script')
    const bomb = encodedHistogram({ counts: Buffer.alloc(2 ** 26) })
    await writeFile(script, `s|"latencies":"[^"]*"|"latencies":"${bomb}"|\n`)
    const bombing = await wrapper(`"$@" | sed -u -f ${script}`)
    const server = await recordingServer()
    const args = byWorkers(server, ['env', bombing], '-c', '2', '-n', '20', '--json')
    const { code, stdout } = await h2lab(args)
    const { workers, requests } = parseLoadReport(stdout)
    expect(workers).toMatchObject([
      { name: 'env', state: 'completed', started: 10 },
      {
        ...{ name: bombing, state: 'lost' },
        reason:
          'sent an invalid message: tally.latencies: Inflated, it has more than 294952 octets',
      },
    ])
    expect(requests).toMatchObject({ started: 10, succeeded: 10 })
    expect(code).toBe(1)
  })

  test('if none is left there is nothing to report', async () => {
    const { wait, trigger } = await signal()
    const dying = await wrapper(`exec 3<&0; "$@" <&3 & ${wait}; kill -9 $!; exit 7`)
    const server = await recordingServer()
    const run = startH2lab(byWorkers(server, [dying], '-d', '60'))
    await eventually(() => expect(server.requests.length).toBeGreaterThan(10))
    await trigger()
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toContain(`No worker is left: ${dying} ended (exit code 7)`)
    expect(stdout).toBe('')
    expect(code).toBe(1)
  })
})

test('nothing is loaded unless all workers are there', async () => {
  const server = await recordingServer()
  const failing = await wrapper('echo "no route to host" >&2; exit 255')
  const { code, stderr } = await h2lab(byWorkers(server, ['env', failing], '-c', '2', '-d', '1'))
  expect(stderr).toBe(`The load worker ${failing} ended (exit code 255): no route to host.\n`)
  expect(server.requests).toEqual([])
  expect(code).toBe(1)
})

test('where h2lab is not found, it is said how to name it', async () => {
  const { origin } = await recordingServer()
  const { code, stderr } = await h2lab([
    'load',
    origin,
    '--workers',
    'env PATH=/nowhere',
    '-n',
    '1',
  ])
  expect(stderr).toContain('--worker-command')
  expect(code).toBe(1)
})

test.runIf(HAS_PROC)('workers end when the command is killed', async () => {
  const server = await recordingServer()
  const run = startH2lab(byWorkers(server, ['env WORKER=1', 'env WORKER=2'], '-c', '2', '-d', '60'))
  await eventually(() => expect(server.requests.length).toBeGreaterThan(10))
  const workers = processesOf(run, 'load --worker')
  expect(workers.length).toBeGreaterThanOrEqual(2)
  run.process.kill('SIGKILL')
  await run.ended
  await allGone(workers)
})

describe('h2lab load --worker', () => {
  test('refuses what is no message', async () => {
    const input = await wrapper(`echo dance | ${WORKER}; exit $?`)
    const { origin } = await recordingServer()
    const args = ['load', origin, '--workers', input, '--worker-command', '#', '-n', '1']
    const { code, stderr } = await h2lab(args)
    expect(stderr).toContain('Invalid message: "dance"')
    expect(code).toBe(1)
  })

  test('takes no options but that for the target', async () => {
    const { code, stderr } = await h2lab(['load', '--worker', '-n', '1'])
    expect(stderr).toContain('--worker takes no other option than --i-own-this-target')
    expect(code).toBe(2)
  })
})

testWithProgram('sshd', 'two workers by ssh, one of which is killed', async () => {
  const ssh = await sshServer()
  const server = await recordingServer()
  const args = byWorkers(server, [ssh.command], '--threads', '2', '-c', '4', '-d', '4', '--json')
  const run = startH2lab(args)
  await eventually(() => expect(server.requests.length).toBeGreaterThan(10))
  process.kill(processesOf(run, 'ssh -F none')[0]!.pid, 'SIGKILL')
  const { code, stdout } = await run.ended
  const report = parseLoadReport(stdout)
  expect(report.workers.map(({ state }) => state).sort()).toEqual(['completed', 'lost'])
  expect(report.workers[0]!.name).toBe(`${ssh.command}, 1 of 2`)
  expect(report.connections).toBe(2)
  expect(report.requests.succeeded).toBeGreaterThan(0)
  expect(report.requests.succeeded).toBe(report.requests.started)
  expect(code).toBe(1)
})

testWithProgram('sshd', 'two workers by ssh make a load together', async () => {
  const ssh = await sshServer()
  const server = await recordingServer()
  const commands = [ssh.command, `${ssh.command} env WORKER=2`]
  const args = byWorkers(server, commands, '-c', '2', '-n', '50', '--rate', '200', '--json')
  const { code, stdout, stderr } = await h2lab(args)
  expect(stderr).toBe('')
  const report = parseLoadReport(stdout)
  expect(report.workers.map(({ name, state }) => [name, state])).toEqual(
    commands.map((name) => [name, 'completed']),
  )
  expect(report.requests).toMatchObject({ started: 50, succeeded: 50 })
  expect(server.requests).toHaveLength(50)
  expect(code).toBe(0)
})
