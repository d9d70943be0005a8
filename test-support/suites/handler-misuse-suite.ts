import type { HandlerErrorListener } from '@h2lab/mini-http2'
import { describe, expect, test } from 'vitest'
import {
  AFTER_THE_END,
  AFTER_THE_HEAD,
  BEFORE_THE_HEAD,
  type Misuse,
  misuses,
} from '../apps/misuses.mjs'
import { CLIENTS } from '../clients/by-http-version'
import { eventually } from '../eventually'
import type { ServerStarter } from '../server-starter'

/** For servers whose loop runs in a separate thread. */
const MODULE = new URL('../apps/misuses.mjs', import.meta.url)

/** What a handler must not do, regardless of the protocol. For handlers that respond synchronously. */
export function describeHandlerMisuse({ name, method, httpVersion, start }: ServerStarter): void {
  const { requestWithNode } = CLIENTS[httpVersion]
  const app = method.handlers === 'modules' ? { module: MODULE, export: 'misuses' } : misuses

  async function startWithErrors() {
    const errors: unknown[] = []
    const onHandlerError: HandlerErrorListener = (error) => void errors.push(error)
    return { errors, ...(await start({ app, onHandlerError })) }
  }

  const ask = (title: string, { method = 'GET' }: Misuse) => ({
    ':method': method,
    'x-misuse': title,
  })

  describe(`a mistake of a handler behind ${name}`, () => {
    test.each(Object.entries(BEFORE_THE_HEAD))(
      '%s is thrown, and the client gets a 500',
      async (title, misuse) => {
        const { url, errors } = await startWithErrors()
        const responses = await requestWithNode(url, [ask(title, misuse), {}])
        expect(responses.map(({ status }) => status)).toEqual([500, 200])
        await eventually(() =>
          expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }]),
        )
      },
    )

    test.each(Object.entries(AFTER_THE_HEAD))(
      '%s is thrown, and the client gets no whole response',
      async (title, misuse) => {
        const { url, errors } = await startWithErrors()
        await expect(requestWithNode(url, [ask(title, misuse)])).rejects.toThrow()
        await eventually(() =>
          expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }]),
        )
        expect(await requestWithNode(url)).toMatchObject([{ status: 200 }])
      },
    )

    test.each(Object.entries(AFTER_THE_END))(
      '%s is thrown, and the response stays as it is',
      async (title, misuse) => {
        const { url, errors } = await startWithErrors()
        const [response] = await requestWithNode(url, [ask(title, misuse)])
        expect(response).toMatchObject({ status: 200, body: Buffer.alloc(0) })
        await eventually(() =>
          expect(errors).toMatchObject([{ name: 'MisuseError', code: misuse.code }]),
        )
      },
    )

    test('is as if it was not made, if it is caught before the head', async () => {
      const { url, errors } = await startWithErrors()
      const entries = Object.entries(BEFORE_THE_HEAD)
      const requests = entries.map(([title, misuse]) => ({ ...ask(title, misuse), 'x-catch': '1' }))
      const responses = await requestWithNode(url, requests)
      expect(responses.map(({ status, headers }) => [status, headers['x-stands']])).toEqual(
        entries.map(([, { code }]) => [404, `${code} false false`]),
      )
      expect(errors).toEqual([])
    })
  })
}
