import {
  type LiteralRepresentation,
  NEVER_INDEXED,
  WITH_INCREMENTAL_INDEXING,
  WITHOUT_INDEXING,
} from './literal'

/**
 * From this length in octets, a cookie can't be guessed as a whole, and only whole values match: 20
 * random letters have 94 bits. Longer cookies are indexed, because they are most of what a browser
 * repeats.
 */
const SHORTEST_UNGUESSABLE_COOKIE = 20

/** Names of fields that are not indexed. */
const REPRESENTATIONS: ReadonlyMap<string, LiteralRepresentation> = new Map([
  ...all(NEVER_INDEXED, 'authorization', 'proxy-authorization', 'set-cookie'),
  // They differ between messages, and would evict fields that repeat.
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
 * Chooses the representation of a field that is in neither table. RFC 7541 leaves the choice to the
 * encoder. Section 7.1 describes the risk: an attacker who can add fields next to a secret one
 * learns from the length of the block whether a guess was right, if the secret is in the dynamic
 * table.
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
