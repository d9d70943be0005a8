/** The classes of the Fetch standard as Node.js has them. */
export interface NativeClasses {
  readonly Request: typeof Request
  readonly Response: typeof Response
  readonly Headers: typeof Headers
}

let classes: NativeClasses | undefined

/**
 * Returns the native classes. Node.js loads them when they are first asked for, which takes tens of
 * milliseconds and nine megabytes: whoever never uses Fetch shouldn't pay for it.
 */
export function nativeClasses(): NativeClasses {
  // Kept, so that what is built on them doesn't end in itself when the global ones are replaced.
  classes ??= { Request, Response, Headers }
  return classes
}

/**
 * Makes a class pass for a native one: `instanceof` holds, and whatever it doesn't define itself is done
 * by a native object, which is made when it is needed.
 *
 * @param prototype the class's
 * @param native the native class's prototype
 * @param toNative makes the native object of one of the class's
 */
export function standInFor<Class extends object>(
  prototype: Class,
  native: object,
  toNative: (standIn: Class) => object,
): void {
  for (const name of Object.getOwnPropertyNames(native)) {
    if (Object.hasOwn(prototype, name)) continue
    const isMethod = typeof Object.getOwnPropertyDescriptor(native, name)?.value === 'function'
    Object.defineProperty(prototype, name, {
      configurable: true,
      get(this: Class): unknown {
        const target = toNative(this)
        const value: unknown = Reflect.get(target, name)
        return isMethod ? (value as () => unknown).bind(target) : value
      },
    })
  }
  Object.setPrototypeOf(prototype, native)
}
