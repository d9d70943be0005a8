import type { DocumentedCallback } from '@h2lab/octets'
import type { Pointer } from './bind'
import { loadKoffi } from './koffi'

const registered = new Map<string, Pointer>()

/**
 * Returns the address at which C code calls a callback. A callback is registered once per thread
 * and stays registered: it belongs to no context or session, and koffi's capacity is small.
 *
 * @param documented its name must be unique among callbacks
 */
export function callbackPointer<Values extends readonly unknown[], Result>(
  documented: DocumentedCallback<Values, Result>,
): Pointer {
  const earlier = registered.get(documented.name)
  if (earlier !== undefined) return earlier
  const koffi = loadKoffi('any')
  const types = documented.parameters.map(({ type }) => type)
  const type = koffi.pointer(koffi.proto(documented.result.type, types))
  const pointer = koffi.register(documented.callback, type)
  registered.set(documented.name, pointer)
  return pointer
}
