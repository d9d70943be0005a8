import { createRequire } from 'node:module'
import { NativeUnavailableError } from '../errors'

/** koffi calls functions of C libraries from JavaScript. */
export type Koffi = typeof import('koffi')

/**
 * Where a function may be called: `linux` for what depends on its constants and structures, on the processors that
 * share them; `any` for what depends on nothing but pointers of 64 bits.
 */
export type KoffiSystems = 'linux' | 'any'

/** The processors on which Linux has the constants and the structures that this folder uses. */
const PROCESSORS: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64']

let loaded: Koffi | undefined
let isOnLinux = false

/**
 * koffi, loaded at the first call: importing this package costs nothing and works everywhere.
 *
 * @throws NativeUnavailableError where koffi has no binary; with `linux` also on another system, and on an unusual
 *   processor
 */
export function loadKoffi(systems: KoffiSystems = 'linux'): Koffi {
  if (systems === 'linux' && !isOnLinux) checkSystem()
  if (loaded !== undefined) return loaded
  try {
    loaded = createRequire(import.meta.url)('koffi') as Koffi
    return loaded
  } catch (cause) {
    throw new NativeUnavailableError('koffi has no binary for this system', undefined, { cause })
  }
}

function checkSystem(): void {
  if (process.platform !== 'linux') {
    throw new NativeUnavailableError(`the system is ${process.platform}`)
  }
  if (!PROCESSORS.includes(process.arch)) {
    throw new NativeUnavailableError(`the processor is ${process.arch}`)
  }
  isOnLinux = true
}
