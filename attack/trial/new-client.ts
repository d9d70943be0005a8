import { connect } from 'node:http2'

/** How long a client that comes afterwards may wait, in milliseconds. */
const PATIENCE = 2000

/** Whether a new client is served: it gets a response of status 200. */
export function isServed(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const session = connect(url, { rejectUnauthorized: false })
    const timer = setTimeout(() => end(false), PATIENCE)
    const end = (served: boolean) => {
      clearTimeout(timer)
      session.destroy()
      resolve(served)
    }
    session.once('error', () => end(false))
    const request = session.request({ ':path': '/' })
    request.once('error', () => end(false))
    request.once('response', ({ ':status': status }) => end(status === 200))
    request.resume()
  })
}
