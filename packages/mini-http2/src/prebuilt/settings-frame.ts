import type { OctetVector } from '@h2lab/octets'
import { makeSettingsFrame } from '../frame/settings'

/**
 * The server's connection preface of the simplified protocol, RFC 9113 section 3.4: an empty
 * SETTINGS frame. Shared by all connections: don't modify it.
 */
export const SETTINGS_FRAME: OctetVector = makeSettingsFrame({})
