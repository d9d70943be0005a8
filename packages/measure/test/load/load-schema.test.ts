import { createRequire } from 'node:module'
import { toJsonSchema } from '@valibot/to-json-schema'
import { expect, test } from 'vitest'
import { loadReportSchema } from '../../src/load/load-report'

// To write it again: npx vitest run test/load/load-schema.test.ts --update
test('schema/load.json is the JSON Schema of what h2lab load --json prints', async () => {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'https://raw.githubusercontent.com/h2lab/h2lab/main/packages/measure/schema/load.json',
    ...toJsonSchema(loadReportSchema, { errorMode: 'throw' }),
  }
  const text = `${JSON.stringify(schema, undefined, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../schema/load.json')
})

test('it is part of the package', () => {
  const require = createRequire(import.meta.url)
  expect(require('@h2lab/measure/schema/load.json')).toHaveProperty('title', 'A load by h2lab')
})
