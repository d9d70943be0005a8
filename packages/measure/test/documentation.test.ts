import { describe, expect, test } from 'vitest'
import { type Declared, declaredNames } from '../../../test-support/documentation/declared-names'
import {
  type Documented,
  documentedNames,
} from '../../../test-support/documentation/documented-names'
import { READMES } from '../../../test-support/documentation/packages'

// This package depends on all others, so its tests look at all of them.
const declared = declaredNames()
const tables = [...READMES].map(([file, text]) => documentedNames(file, text))

describe('the tables of the READMEs', () => {
  test('say whose options and codes they are about', () => {
    expect(tables.flatMap(({ ownerless }) => ownerless)).toEqual([])
  })

  test('have each option and limit in exactly one place', () => {
    const documented = tables.flatMap(({ options }) => options)
    expect(declared.options.length).toBeGreaterThan(50)
    expect(notOnce(declared.options, documented)).toEqual([])
  })

  test('have each code of an error in exactly one place', () => {
    const documented = tables.flatMap(({ codes }) => codes)
    expect(declared.codes.length).toBeGreaterThan(50)
    expect(notOnce(declared.codes, documented)).toEqual([])
  })

  test('have no option or limit that does not exist', () => {
    const documented = tables.flatMap(({ options }) => options)
    expect(documented.filter((one) => !exists(one, declared.options))).toEqual([])
  })

  test('have no code of an error that does not exist', () => {
    const documented = tables.flatMap(({ codes }) => codes)
    const owned = documented.filter(
      ({ owners }) => !owners.some((owner) => declared.openClasses.has(owner)),
    )
    expect(owned.filter((one) => !exists(one, declared.codes))).toEqual([])
  })
})

/** What is documented not at all, or several times, and where. */
function notOnce(
  names: readonly Declared[],
  documented: readonly Documented[],
): readonly { readonly name: string; readonly takenBy: string; readonly documentedIn: string[] }[] {
  return names
    .map(({ name, where, owners }) => ({
      name: where,
      takenBy: [...owners].join(', '),
      documentedIn: documented
        .filter((one) => one.name === name && one.owners.some((owner) => owners.has(owner)))
        .map(({ file, owners: [owner] }) => `${file}, ${owner}`),
    }))
    .filter(({ documentedIn }) => documentedIn.length !== 1)
}

function exists({ name, owners }: Documented, names: readonly Declared[]): boolean {
  return owners.every((owner) => names.some((one) => one.name === name && one.owners.has(owner)))
}
