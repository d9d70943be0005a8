import {
  type LiteralRepresentation,
  NEVER_INDEXED,
  WITH_INCREMENTAL_INDEXING,
  WITHOUT_INDEXING,
} from './literal'

/**
 * Octets from which on a cookie is not guessed as a whole, and only whole values match: 20 random
 * letters have 94 bits. Longer cookies are indexed, being most of what a browser repeats.
 */
const SHORTEST_UNGUESSABLE_COOKIE = 20

/** Names whose fields are not to be indexed. */
const REPRESENTATIONS: ReadonlyMap<string, LiteralRepresentation> = new Map([
  ...all(NEVER_INDEXED, 'authorization', 'proxy-authorization', 'set-cookie'),
  // They differ from message to message, and would push out what comes again.
  ...all(
    WITHOUT_INDEXING,
    ':path',
    'age',
    'content-length',
    'content-range',
    'etag',
    'if-match',
    'if-none-match',
    'if-range',
    'location',
    'range',
  ),
])

/**
 * Chooses how to encode a field that no table has. RFC 7541 leaves that to the encoder; section
 * 7.1 says what to take care of: whoever can put fields of his own beside a secret one learns
 * from the block's length whether he guessed its value, if that is in the dynamic table.
 */
export function chooseRepresentation(name: string, value: string): LiteralRepresentation {
  if (name === 'cookie' && value.length < SHORTEST_UNGUESSABLE_COOKIE) return NEVER_INDEXED
  return REPRESENTATIONS.get(name) ?? WITH_INCREMENTAL_INDEXING
}

function all(
  representation: LiteralRepresentation,
  ...names: readonly string[]
): [string, LiteralRepresentation][] {
  return names.map((name) => [name, representation])
}
