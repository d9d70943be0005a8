// Tells what the loop has done with the buffers of its first busy client.
import { MemoryTlsConnection } from '@h2lab/tls-context/native'

let first
const told = []

for (const name of ['keepBuffers', 'releaseBuffers']) {
  const original = MemoryTlsConnection.prototype[name]
  MemoryTlsConnection.prototype[name] = function () {
    first ??= this
    if (this === first) told.push(name)
    return original.call(this)
  }
}

export default (_, response) => response.send(200, {}, told.join(', '))
