// A thread of an imaginary server package. It follows its start data and commands.
import { MisuseError, RequestHeaders } from '@h2lab/mini-http2'
import { hostThread } from '@h2lab/mini-http2/server/thread'

class WeatherError extends Error {
  name = 'WeatherError'
  code = 'RAIN'
}

const request = {
  method: 'GET',
  scheme: 'https',
  authority: 'localhost',
  path: '/weather',
  protocol: undefined,
  headers: new RequestHeaders([['x-some', 'field']]),
  signal: AbortSignal.abort(),
}

const thread = hostThread({ WeatherError })
switch (thread.data.start) {
  case 'fails':
    thread.failed(new WeatherError('too wet to begin'))
    break
  case 'throws':
    throw new RangeError('too early')
  case 'ends':
    break
  default:
    thread.ready()
}
// Stands in for an application: keeps the thread alive until it is told to end.
const timer = setInterval(() => {}, 1000)
if (thread.data.start !== undefined) clearInterval(timer)
thread.onCommand((command) => {
  switch (command) {
    case 'fault':
      thread.listeners.onConnectionError({ error: new WeatherError('wet'), peer: '192.0.2.1:9' })
      break
    case 'handler-error':
      void thread.listeners.onHandlerError(new MisuseError('INVALID_STATUS', 'status 42'), request)
      break
    case 'throw':
      throw new RangeError('too late')
    case 'fail':
      thread.failed(new WeatherError('later'))
      break
    case 'message':
      thread.tell({ sun: false })
      break
    case 'block':
      thread.tell('blocking')
      for (;;);
    case 'end':
      clearInterval(timer)
  }
})
