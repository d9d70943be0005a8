import { createRequire } from 'node:module'
import { NativeUnavailableError } from '../errors'

/** koffi calls functions of C libraries from JavaScript. */
export type Koffi = typeof import('koffi')

/**
 * Where a function may be called: `linux` if it depends on Linux constants and structures, and a
 * processor that uses them; `any` if it depends only on 64-bit pointers.
 */
export type KoffiSystems = 'linux' | 'any'

/** The processors on which Linux has the constants and structures that this folder uses. */
const PROCESSORS: readonly string[] = ['x64', 'arm64', 'riscv64', 'loong64']

let loaded: Koffi | undefined
let isOnLinux = false

/**
 * Returns koffi, which is loaded at the first call: importing this package costs nothing and works
 * everywhere.
 *
 * @throws NativeUnavailableError if koffi has no binary; with `linux` also on other systems and
 *   unusual processors
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
