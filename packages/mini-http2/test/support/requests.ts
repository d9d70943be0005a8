import { concatenate, type OctetVector } from '@h2lab/octets'
import { CLIENT_PREFACE } from '../../src/frame/client-preface'
import { headersFrame, hex, settingsFrame } from './frames'

/**
 * The header block of GET https://localhost/, hand-written as in RFC 7541: indexed fields 2 (GET),
 * 7 (https) and 4 (/), and a literal without indexing whose name has index 1.
 */
export const GET_BLOCK: OctetVector = hex('82 87 84 01 09 6c 6f 63 61 6c 68 6f 73 74')

/** A GET request in one HEADERS frame. */
export function getRequest(streamId: number): OctetVector {
  return headersFrame(streamId, GET_BLOCK, { endStream: true })
}

/** What a client sends first: the preface and an empty SETTINGS frame. */
export const CLIENT_OPENING: OctetVector = concatenate(CLIENT_PREFACE, settingsFrame())
