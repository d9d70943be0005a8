import { octetize } from '@h2lab/octets'

/** The first octets that a client sends, RFC 9113 section 3.4. A SETTINGS frame follows. */
export const CLIENT_PREFACE = octetize('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** The length of the client preface, in octets: 24. */
export const CLIENT_PREFACE_LENGTH = CLIENT_PREFACE.length
