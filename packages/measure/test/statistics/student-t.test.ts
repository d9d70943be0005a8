import { describe, expect, test } from 'vitest'
import { studentTProbability, studentTQuantile } from '../../src/statistics/student-t'

describe('studentTQuantile', () => {
  // Printed tables, such as the one of the NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2.
  test.each([
    [0.975, 1, 12.706],
    [0.975, 2, 4.303],
    [0.975, 4, 2.776],
    [0.975, 9, 2.262],
    [0.975, 30, 2.042],
    [0.975, 100, 1.984],
    [0.95, 5, 2.015],
    [0.999, 3, 10.215],
    [0.9, 60, 1.296],
  ])('of %f with %i degrees of freedom is %f', (probability, degrees, quantile) => {
    expect(studentTQuantile(probability, degrees)).toBeCloseTo(quantile, 3)
    expect(studentTQuantile(1 - probability, degrees)).toBeCloseTo(-quantile, 3)
  })

  test('comes near the normal distribution', () => {
    expect(studentTQuantile(0.975, 1e6)).toBeCloseTo(1.95996, 4)
  })

  test('is the inverse of the probability', () => {
    for (const t of [-3, -0.1, 0.7, 2, 20]) {
      expect(studentTQuantile(studentTProbability(t, 7), 7)).toBeCloseTo(t, 6)
    }
  })

  test('is refused outside of its range', () => {
    expect(() => studentTQuantile(1, 5)).toThrow(RangeError)
    expect(() => studentTQuantile(0.5, 0)).toThrow(RangeError)
  })
})
