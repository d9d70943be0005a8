import { FetchRequest, linkFetchRequest } from './fetch-request'
import { FetchResponse } from './fetch-response'
import { nativeClasses } from './native'

/**
 * Replaces the global `Response` with {@link FetchResponse}, and the global `Request` with one that
 * also accepts the requests of `toHandler` as input. Frameworks create responses with the global
 * class, so this makes their responses several times cheaper. It is never called implicitly:
 * changing globals is up to the application.
 *
 * Objects of the native classes remain instances of the global ones.
 *
 * @returns a function that restores the previous classes
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
