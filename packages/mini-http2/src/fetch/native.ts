/** Node.js's classes of the Fetch standard. */
export interface NativeClasses {
  readonly Request: typeof Request
  readonly Response: typeof Response
  readonly Headers: typeof Headers
}

let classes: NativeClasses | undefined

/**
 * Returns the native classes. Node.js loads them on first access, which takes tens of milliseconds
 * and nine megabytes, so they are not loaded unless Fetch is used.
 */
export function nativeClasses(): NativeClasses {
  // Cached, so that wrappers don't recurse into themselves when the globals are replaced.
  classes ??= { Request, Response, Headers }
  return classes
}

/**
 * Makes a class a drop-in replacement for a native one: `instanceof` works, and members that the
 * class doesn't define use a native object that is created on demand.
 *
 * @param prototype the prototype of the class
 * @param native the prototype of the native class
 * @param toNative creates the native object for an instance
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
