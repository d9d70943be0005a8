// Ends its thread in the ways that an application can.
import { threadId } from 'node:worker_threads'

const hoard = []

const WAYS = {
  '/exits': () => process.exit(3),
  '/throws': () => {
    setTimeout(() => {
      throw new Error('nobody catches this')
    })
  },
  '/rejects': () => {
    void Promise.reject(new Error('nobody catches this'))
  },
  '/fills-its-heap': () => {
    for (;;) hoard.push(new Array(10_000).fill(hoard.length))
  },
}

export default ({ path }, response) => {
  WAYS[path]?.()
  response.send(200, {}, String(threadId))
}
