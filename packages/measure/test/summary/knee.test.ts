import { describe, expect, test } from 'vitest'
import { findKnee, kneeRange, type RatePoint } from '../../src/summary/knee'

const told = { overloaded: false, byGenerator: false }
const keptUp = (rate: number, p99: number | null, factor = 1.1): RatePoint => ({
  rate,
  p99: p99 === null ? null : { value: p99, low: p99 / factor, high: p99 * factor },
  ...told,
})
const overloaded = (rate: number): RatePoint => ({ ...keptUp(rate, 900_000), overloaded: true })
const byGenerator = (point: RatePoint): RatePoint => ({ ...point, byGenerator: true })

describe('the knee of a server', () => {
  test('is the highest rate at which p99 is at most five times the least', () => {
    const points = [keptUp(1000, 400), keptUp(2000, 420), keptUp(3000, 1990), keptUp(4000, 2010)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 3000 })
  })

  test('is before a rate at which requests are left over', () => {
    const points = [keptUp(1000, 400), keptUp(2000, 420), overloaded(3000)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
  })

  test('does not depend on the order of the points', () => {
    const points = [overloaded(3000), keptUp(1000, 400), keptUp(2000, 420)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
  })

  test('is not before a rate that was disturbed once', () => {
    const points = [keptUp(1000, 400), keptUp(2000, 9000), keptUp(3000, 420), overloaded(4000)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 3000 })
  })

  test('counts from the least p99, not from that of the lowest rate, at which a machine may sleep', () => {
    const points = [keptUp(1000, 2000), keptUp(2000, 400), keptUp(3000, 6000)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
  })

  test('takes a millisecond as soon, however fast an idle server is', () => {
    const points = [keptUp(1000, 50), keptUp(2000, 1000), keptUp(3000, 1001)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
  })

  test('is there or beyond, if no rate was too much', () => {
    expect(findKnee([keptUp(1000, 400), keptUp(2000, 420)])).toEqual({
      kind: 'not-reached',
      rate: 2000,
    })
  })

  test('is not told by what the generator could not make', () => {
    for (const point of [overloaded(2000), keptUp(2000, 50_000)]) {
      const points = [keptUp(1000, 400), byGenerator(point)]
      expect(findKnee(points)).toEqual({ kind: 'not-reached', rate: 1000 })
    }
    expect(findKnee([byGenerator(overloaded(2000))])).toBeUndefined()
  })

  test('can be where the generator was busy and all went well', () => {
    const points = [keptUp(1000, 400), byGenerator(keptUp(2000, 420)), overloaded(3000)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
  })

  test('is below a lowest rate that is too much', () => {
    expect(findKnee([overloaded(1000), overloaded(2000)])).toEqual({ kind: 'below', rate: 1000 })
  })

  test('is not known without points, or without times', () => {
    expect(findKnee([])).toBeUndefined()
    expect(findKnee([keptUp(1000, null)])).toBeUndefined()
  })
})

describe('where the knee may be', () => {
  test('is what the intervals of p99 leave open', () => {
    const points = [keptUp(1000, 400), keptUp(2000, 1900), keptUp(3000, 2100), keptUp(4000, 9000)]
    expect(findKnee(points)).toEqual({ kind: 'found', rate: 2000 })
    expect(kneeRange(points)).toEqual({ low: 1000, high: 3000 })
  })

  test('is one rate if they are narrow', () => {
    const points = [keptUp(1000, 400), keptUp(2000, 1500), keptUp(3000, 3000)]
    expect(kneeRange(points)).toEqual({ low: 2000, high: 2000 })
  })

  test('has no end where no rate is surely too much, and no beginning where none surely is not', () => {
    const points = [keptUp(1000, 1000, 2), keptUp(2000, 5100)]
    expect(kneeRange(points)).toEqual({ low: 1000, high: Number.POSITIVE_INFINITY })
    expect(kneeRange([keptUp(1000, 400, 20)])).toEqual({ low: 0, high: Number.POSITIVE_INFINITY })
  })

  test('is not known from a single repetition, or without points', () => {
    expect(kneeRange([keptUp(1000, 400, Number.POSITIVE_INFINITY)])).toBeUndefined()
    expect(kneeRange([])).toBeUndefined()
  })
})
