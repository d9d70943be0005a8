import { execFile } from 'node:child_process'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { temporaryFolder } from '../../../../test-support/temporary-folder'

/*
 * A small repository that is built and whose servers are started as those of this project.
 */

/** A build that writes the server's process. */
const BUILD = `
import { cpSync, mkdirSync } from 'node:fs'
mkdirSync('packages/measure/dist', { recursive: true })
cpSync('server-process.js', 'packages/measure/dist/server-process.js')
`

const LOCK_FILE = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .: {}
`

const SERVER = fileURLToPath(new URL('../fixtures/server-process.js.txt', import.meta.url))

/** A repository with a commit. */
export interface SmallRepository {
  readonly folder: string
  /** Changes files, by their paths, and commits that. */
  commit(files: Readonly<Record<string, string>>): Promise<string>
  git(...args: string[]): Promise<string>
}

export async function smallRepository(): Promise<SmallRepository> {
  const folder = await temporaryFolder()
  const git = async (...args: string[]) => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@localhost']
    const { stdout } = await promisify(execFile)('git', ['-C', folder, ...identity, ...args])
    return stdout.trim()
  }
  const commit = async (files: Readonly<Record<string, string>>) => {
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    await git('add', '--all')
    await git('commit', '--quiet', '--message', 'Change')
    return git('rev-parse', 'HEAD')
  }
  await git('init', '--quiet', '--initial-branch', 'main')
  await commit({
    'package.json': JSON.stringify({
      name: 'small',
      private: true,
      type: 'module',
      packageManager: await packageManager(),
      scripts: { build: 'node build.mjs' },
    }),
    'pnpm-lock.yaml': LOCK_FILE,
    // As in this repository: npx sees to the version.
    'pnpm-workspace.yaml': 'pmOnFail: ignore\n',
    'build.mjs': BUILD,
    '.gitignore': 'node_modules/\npackages/measure/dist/\n',
    'server-process.js': await readFile(SERVER, 'utf8'),
  })
  return { folder, commit, git }
}

/** That of this repository, which is there already. */
async function packageManager(): Promise<string> {
  const file = new URL('../../../../package.json', import.meta.url)
  return (JSON.parse(await readFile(file, 'utf8')) as { packageManager: string }).packageManager
}
