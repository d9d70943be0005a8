import { createRequire } from 'node:module'
import { NativeUnavailableError } from '../errors'

/** koffi calls functions of C libraries from JavaScript. */
export type Koffi = typeof import('koffi')

/** The processors on which Linux has the constants and the structures that this folder uses. */
const PROCESSORS: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64']

let loaded: Koffi | undefined

/**
 * koffi, loaded at the first call: importing this package costs nothing and works everywhere.
 *
 * @throws NativeUnavailableError on another system than Linux, on an unusual processor, and where koffi has no binary
 */
export function loadKoffi(): Koffi {
  if (loaded !== undefined) return loaded
  if (process.platform !== 'linux') {
    throw new NativeUnavailableError(`the system is ${process.platform}`)
  }
  if (!PROCESSORS.includes(process.arch)) {
    throw new NativeUnavailableError(`the processor is ${process.arch}`)
  }
  try {
    loaded = createRequire(import.meta.url)('koffi') as Koffi
  } catch (cause) {
    throw new NativeUnavailableError('koffi has no binary for this system', undefined, { cause })
  }
  return loaded
}
