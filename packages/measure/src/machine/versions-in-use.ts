import { createRequire } from 'node:module'

const PACKAGES = [
  '@h2lab/measure',
  '@h2lab/mini-http2',
  '@h2lab/octets',
  '@h2lab/server-async',
  '@h2lab/server-sync',
  '@h2lab/server-uws',
  '@h2lab/tls-context',
]

/** The versions of everything that takes part in a trial. */
export function versionsInUse(): Record<string, string> {
  const require = createRequire(import.meta.url)
  const { node, v8, openssl, uv, nghttp2 } = process.versions
  const versions: Record<string, string | undefined> = { node, v8, openssl, uv, nghttp2 }
  for (const name of PACKAGES) {
    versions[name] = (require(`${name}/package.json`) as { version: string }).version
  }
  return Object.fromEntries(
    Object.entries(versions).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
