import { MisuseError } from '../../errors'
import { fieldSize } from '../../hpack'
import type { FieldList } from '../../message/fields'
import { DATE_SIZE } from '../date-field'

/**
 * Header lists up to this size, in octets as counted by RFC 9113 section 6.5.2, are sent whatever
 * limit the client announces: SETTINGS_MAX_HEADER_LIST_SIZE is advisory, and a client with a limit
 * of 0 or 60 would get no response at all. It is the default limit of Node.js's HTTP parser for a
 * whole head, so portable applications stay below it, and the block fits into one frame of any
 * client.
 */
export const ORDINARY_LIST_SIZE = 16_384

/** The maximum size of a header list to a client, in octets. */
export function listSizeLimit(announced: number): number {
  return Math.max(announced, ORDINARY_LIST_SIZE)
}

/** The size of a list of fields including `:status` and `date`, in octets. */
export function listSize(fields: FieldList): number {
  let size = STATUS_SIZE + DATE_SIZE
  for (const field of fields) size += fieldSize(field)
  return size
}

const STATUS_SIZE = fieldSize([':status', '200'])

/**
 * Checks the size of a header list from the application.
 *
 * @param announced the client's SETTINGS_MAX_HEADER_LIST_SIZE; Infinity without one
 * @throws MisuseError `HEADER_LIST_TOO_LARGE`
 */
export function checkListSize(fields: FieldList, announced: number): void {
  if (announced === Number.POSITIVE_INFINITY) return
  const size = listSize(fields)
  if (size <= listSizeLimit(announced)) return
  throw new MisuseError(
    'HEADER_LIST_TOO_LARGE',
    `The header list has ${size} octets, more than this client accepts ` +
      `(SETTINGS_MAX_HEADER_LIST_SIZE is ${announced}) and more than the ${ORDINARY_LIST_SIZE} that are always sent: send fewer or shorter fields.`,
  )
}
