import { FetchRequest, linkFetchRequest } from './fetch-request'
import { FetchResponse } from './fetch-response'
import { nativeClasses } from './native'

/**
 * Replaces the global `Response` by {@link FetchResponse}, and the global `Request` by one that also
 * takes the requests of `toHandler` where it takes a request. Frameworks make their responses of the
 * global class, so this is what makes them several times cheaper. Nothing else does it: it is for whoever
 * owns the process to decide.
 *
 * Objects of the native classes remain instances of the global ones.
 *
 * @returns a function that puts the classes back that were there before
 */
export function installFetchClasses(): () => void {
  const { Request: requestBefore, Response: responseBefore } = globalThis
  linkFetchRequest()
  globalThis.Request = takingStandIns(nativeClasses().Request)
  globalThis.Response = FetchResponse as unknown as typeof Response
  return () => {
    globalThis.Request = requestBefore
    globalThis.Response = responseBefore
  }
}

function takingStandIns(nativeRequest: typeof Request): typeof Request {
  const taking: typeof Request = new Proxy(nativeRequest, {
    construct(target, [input, ...rest], newTarget) {
      const native = input instanceof FetchRequest ? input.native : input
      const created = newTarget === taking ? target : newTarget
      return Reflect.construct(target, [native, ...rest], created)
    },
  })
  return taking
}
