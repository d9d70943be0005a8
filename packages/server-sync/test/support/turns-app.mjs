// Tells how often a timer has fired, and throws.
let fired = 0
setInterval(() => fired++, 1).unref()

export default ({ path }, response) => {
  if (path === '/throws') throw new Error('as the test wants it')
  response.send(200, {}, 'x'.repeat(fired))
}
