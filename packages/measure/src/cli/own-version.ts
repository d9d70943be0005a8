import { versionsInUse } from '../machine/versions-in-use'

/** The version of this package. */
export function ownVersion(): string {
  return versionsInUse()['@h2lab/measure'] ?? 'unknown'
}
