import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished, test } from 'vitest'

/** A file system that is soon full. */
export interface SmallDisk {
  readonly path: string
  /** Leaves no room for anything. */
  fill(): Promise<void>
  /** Makes room again. */
  makeRoom(): Promise<void>
}

const SIZE = 256 * 1024

/** A test with a file system of its own. It is skipped where this process may not mount one. */
export function testWithSmallDisk(title: string, body: (disk: SmallDisk) => Promise<void>): void {
  const reason = whyNot()
  if (reason === undefined) test(title, () => body(mounted()))
  else test.skip(`${title} (skipped: mounting a tmpfs is not permitted here: ${reason})`)
}

function whyNot(): string | undefined {
  const path = mkdtempSync(join(tmpdir(), 'h2lab-disk-'))
  try {
    mount(path)
    unmount(path)
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message.split('\n', 1)[0] : String(error)
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

function mounted(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'h2lab-disk-'))
  mount(path)
  onTestFinished(() => {
    unmount(path)
    rmSync(path, { recursive: true, force: true })
  })
  const filler = join(path, 'filler')
  return {
    path,
    async fill() {
      // What fits of it is written before it fails.
      const failed = await writeFile(filler, Buffer.alloc(SIZE + 1)).then(
        () => false,
        ({ code }: NodeJS.ErrnoException) => code === 'ENOSPC',
      )
      if (!failed) throw new Error(`${path} is larger than it should be.`)
    },
    makeRoom: () => rm(filler),
  }
}

function mount(path: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SIZE}`, 'tmpfs', path], { stdio: 'pipe' })
}

function unmount(path: string): void {
  execFileSync('umount', ['--lazy', path], { stdio: 'pipe' })
}
