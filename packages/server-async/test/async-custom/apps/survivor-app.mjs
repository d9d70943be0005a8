// Makes errors that no caller can catch, and catches them for its thread.

const caught = []
process.on('uncaughtException', ({ message }) => caught.push(message))

const MISTAKES = {
  '/timer': () => setTimeout(fail, 1, 'timer'),
  '/tick': () => process.nextTick(fail, 'tick'),
  '/rejection': () => void Promise.reject(new Error('rejection')),
}

function fail(where) {
  throw new Error(where)
}

export default ({ path }, response) => {
  if (path === '/caught') return response.send(200, {}, caught.join(', '))
  MISTAKES[path]()
  // When the mistake was made.
  setTimeout(() => response.send(200, {}, 'answered'), 20)
}
