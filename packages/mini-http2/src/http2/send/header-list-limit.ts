import { MisuseError } from '../../errors'
import { fieldSize } from '../../hpack'
import type { FieldList } from '../../message/fields'
import { DATE_SIZE } from '../date-field'

/**
 * Header lists of this size, in octets as RFC 9113 section 6.5.2 counts them, are sent whatever a client announces:
 * SETTINGS_MAX_HEADER_LIST_SIZE is advisory, and a client with a limit of 0 or 60 would get no response at all. It is
 * what Node.js's own HTTP parser accepts of a whole head by default, so applications that run anywhere stay below it, and
 * the block fits into one frame of any client.
 */
export const ORDINARY_LIST_SIZE = 16_384

/** How large a header list to a client may be, in octets. */
export function listSizeLimit(announced: number): number {
  return Math.max(announced, ORDINARY_LIST_SIZE)
}

/** What a list of fields counts with `:status` and `date`, in octets. */
export function listSize(fields: FieldList): number {
  let size = STATUS_SIZE + DATE_SIZE
  for (const field of fields) size += fieldSize(field)
  return size
}

const STATUS_SIZE = fieldSize([':status', '200'])

/**
 * Checks the size of a header list that an application made.
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
    `The header fields count ${size} octets. This client announces that it takes at most ${announced} ` +
      `(SETTINGS_MAX_HEADER_LIST_SIZE), and beyond that only ${ORDINARY_LIST_SIZE} are sent to anybody: send fewer or shorter fields.`,
  )
}
