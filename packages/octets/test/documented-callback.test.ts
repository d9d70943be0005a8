import { describe, expect, expectTypeOf, test } from 'vitest'
import { defineDocumentedCallback } from '../src'

const definition = {
  name: 'compareNumbers',
  text: 'Orders two numbers for `qsort`.',
  parameters: [
    { name: 'first', type: 'const void *', text: 'the address of a number' },
    { name: 'second', type: 'unsigned long', text: 'another number' },
  ],
  result: { type: 'int', text: 'below, equal to or above 0' },
  callback: (first: bigint, second: number): number => Number(first) - second,
} as const

describe('defineDocumentedCallback', () => {
  test('keeps the function, and its types', () => {
    const compareNumbers = defineDocumentedCallback(definition)
    expect(compareNumbers.callback(3n, 1)).toBe(2)
    expectTypeOf(compareNumbers.callback).toEqualTypeOf<(a: bigint, b: number) => number>()
    expect(compareNumbers).toMatchObject(definition)
  })

  test('makes the C prototype from name, parameters and result', () => {
    expect(defineDocumentedCallback(definition).prototype).toBe(
      'int compareNumbers(const void *first, unsigned long second)',
    )
    const none = { ...definition, parameters: [], callback: () => 0 } as const
    expect(defineDocumentedCallback(none).prototype).toBe('int compareNumbers(void)')
  })

  test('makes the documentation from the same', () => {
    expect(defineDocumentedCallback(definition).documentation).toBe(
      [
        '```c',
        'int compareNumbers(const void *first, unsigned long second)',
        '```',
        '',
        'Orders two numbers for `qsort`.',
        '',
        '- `first`: the address of a number',
        '- `second`: another number',
        '- returns below, equal to or above 0',
        '',
      ].join('\n'),
    )
  })

  test('refuses a description of more or fewer parameters than the function has', () => {
    const [first] = definition.parameters
    // @ts-expect-error The types refuse it as well.
    const define = () => defineDocumentedCallback({ ...definition, parameters: [first] })
    expect(define).toThrow(
      new TypeError('The callback compareNumbers takes 2 parameters, but 1 are described.'),
    )
  })

  test.each([
    [{ ...definition, name: 'compare-numbers' }, '"compare-numbers"'],
    [{ ...definition, name: '' }, '""'],
    [{ ...definition, text: '' }, 'The callback compareNumbers has no text.'],
    [{ ...definition, result: { type: '', text: 'x' } }, 'The result of the callback'],
    [withFirst({ name: '1st', type: 'int', text: 'x' }), '"1st", in the callback'],
    [withFirst({ name: 'first', type: 'int', text: '' }), 'The parameter first of the callback'],
  ])('refuses what could not be registered or read: %#', (wrong, message) => {
    expect(() => defineDocumentedCallback(wrong)).toThrow(TypeError)
    expect(() => defineDocumentedCallback(wrong)).toThrow(message)
  })
})

function withFirst(first: { name: string; type: string; text: string }) {
  return { ...definition, parameters: [first, definition.parameters[1]] as const }
}
