import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { readMessageLines } from '../../../src/load/remote/message-lines'

const parse = (value: unknown) =>
  typeof value === 'object' && value !== null && 'type' in value ? value : undefined

/** Reads all of some pieces of a text. */
async function read(before: 'noise' | 'nothing', ...pieces: (string | Buffer)[]) {
  const stream = new PassThrough()
  const messages: object[] = []
  const garbage: string[] = []
  readMessageLines(
    stream,
    { parse, before },
    {
      onMessage: (message) => messages.push(message),
      onGarbage: (line) => garbage.push(line),
    },
  )
  for (const piece of pieces) {
    stream.write(piece)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { messages, garbage }
}

test('a message may come in any pieces, also of characters', async () => {
  const octets = Buffer.from('{"type":"é"}\n{"type":2}\n')
  const pieces = Array.from(octets, (_, index) => octets.subarray(index, index + 1))
  expect(await read('nothing', ...pieces)).toEqual({
    messages: [{ type: 'é' }, { type: 2 }],
    garbage: [],
  })
})

test('noise before the first message is passed over, also on its line', async () => {
  const text = 'Welcome!\n{"not":"a message"}\n\nprompt$ {"type":1}\n{"type":2}\n'
  expect(await read('noise', text)).toEqual({
    messages: [{ type: 1 }, { type: 2 }],
    garbage: [],
  })
})

test('noise behind it ends the reading', async () => {
  expect(await read('noise', '{"type":1}\nSegmentation fault\n{"type":2}\n')).toEqual({
    messages: [{ type: 1 }],
    garbage: ['Segmentation fault'],
  })
})

test('where there is to be none, noise ends it at once', async () => {
  expect(await read('nothing', 'Welcome!\n{"type":1}\n')).toEqual({
    messages: [],
    garbage: ['Welcome!'],
  })
})

test('noise without end is given up', async () => {
  const noise = 'noise'.repeat(200)
  const { messages, garbage } = await read('noise', `${`${noise}\n`.repeat(1100)}{"type":1}\n`)
  expect(messages).toEqual([])
  expect(garbage).toEqual([noise])
})
