import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../../test-support/temporary-folder'
import { compareSettings } from '../../src/cli/compare-settings'

const refusal = (message: string | RegExp) =>
  expect.objectContaining({
    code: 'USAGE',
    message: typeof message === 'string' ? message : expect.stringMatching(message),
  })

describe('h2lab compare', () => {
  test('compares two folders, without measuring', async () => {
    const [a, b] = [await temporaryFolder(), await temporaryFolder()]
    expect(compareSettings(a, b, {})).toEqual({
      sides: { kind: 'folders', a, b },
      threshold: 0.05,
      output: 'table',
      force: false,
    })
    expect(() => compareSettings(a, b, { repeat: '5' })).toThrow(
      refusal('--repeat requires servers or --revisions: comparing two folders measures nothing.'),
    )
  })

  test('compares two servers, of ours or others', () => {
    const { sides } = compareSettings('async/http2', 'nginx', { tls: 'both', clients: '1,5' })
    expect(sides).toMatchObject({
      kind: 'targets',
      a: { name: 'async/http2' },
      b: { name: 'nginx' },
      measuring: {
        scenarios: [
          { clients: 1, tls: true },
          { clients: 5, tls: true },
          { clients: 1, tls: false },
          { clients: 5, tls: false },
        ],
        streams: [100],
        budget: 3,
        repeat: undefined,
      },
    })
  })

  test('compares two revisions by the implementations that most changes are about', () => {
    expect(
      compareSettings(undefined, undefined, { revisions: 'main, HEAD~1' }).sides,
    ).toMatchObject({
      kind: 'revisions',
      a: 'main',
      b: 'HEAD~1',
      implementations: ['async/http2', 'async-custom/http2'],
      measuring: { scenarios: [{ clients: 5, tls: true }], streams: [100] },
    })
  })

  test('repeats until intervals decide about the threshold, unless told how narrow they are to be', () => {
    const precisionOf = (flags: object) => {
      const { sides } = compareSettings('async/mini', 'async/http2', flags)
      return sides.kind === 'folders' ? undefined : sides.measuring.precision
    }
    expect(precisionOf({})).toBeCloseTo(0.02, 10)
    expect(precisionOf({ threshold: '10%' })).toBeCloseTo(0.04, 10)
    expect(precisionOf({ threshold: '10%', precision: '1 %' })).toBe(0.01)
  })

  test.each<readonly [string | undefined, string | undefined, object, string | RegExp]>([
    [undefined, undefined, {}, /^h2lab compare needs A and B, two result folders or two servers/],
    ['async/mini', undefined, {}, /^h2lab compare needs A and B/],
    ['async/mini', 'nothing', {}, /^"nothing" is no folder of results, and no server to measure/],
    ['async/mini', '.', {}, /^async\/mini and \. can't be compared: one is a folder/],
    [
      'main',
      undefined,
      { revisions: 'a,b' },
      /^--revisions selects what is compared, so there can't/,
    ],
    [undefined, undefined, { revisions: 'main' }, /^--revisions can't be "main": it must be two/],
    [undefined, undefined, { revisions: 'a,b,c' }, /^--revisions can't be "a,b,c"/],
    [undefined, undefined, { revisions: 'a,' }, /^--revisions can't be "a,"/],
    ['async/mini', 'uws', { implementations: 'uws' }, /^--implementations requires --revisions/],
    [
      undefined,
      undefined,
      { revisions: 'a,b', implementations: 'asnyc' },
      /^--implementations can't be "asnyc"/,
    ],
    ['async/mini', 'uws', { threshold: '-5%' }, /^--threshold can't be "-5%"/],
    ['async/mini', 'uws', { precision: '0.01%' }, /^--precision can't be "0\.01%"/],
    ['async/mini', 'uws', { budget: '0' }, /^--budget can't be "0"/],
    ['async/mini', 'uws', { json: true, markdown: true }, /^--json and --markdown can't be given/],
  ])('of %s and %s with %o is refused', (a, b, flags, message) => {
    expect(() => compareSettings(a, b, flags)).toThrow(refusal(message))
  })
})
