import { versionsInUse } from '../storage/manifest'

/** The version of this package. */
export function ownVersion(): string {
  return versionsInUse()['@h2lab/measure'] ?? 'unknown'
}
