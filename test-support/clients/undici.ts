import { Agent, request } from 'undici'

/** A response as undici understood it. */
export interface UndiciResponse {
  readonly status: number
  readonly body: string
}

/** Makes a request with undici over TLS, with HTTP/2 allowed. */
export async function requestWithUndici(url: string): Promise<UndiciResponse> {
  const dispatcher = new Agent({ allowH2: true, connect: { rejectUnauthorized: false } })
  try {
    const { statusCode, body } = await request(url, { dispatcher })
    return { status: statusCode, body: await body.text() }
  } finally {
    await dispatcher.destroy()
  }
}
