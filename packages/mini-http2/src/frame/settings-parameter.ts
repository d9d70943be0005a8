/** The parameters of SETTINGS, RFC 9113 section 6.5.2, RFC 8441 section 3, RFC 9218 section 2.1. */
export const SettingsParameter = {
  HEADER_TABLE_SIZE: 0x01,
  ENABLE_PUSH: 0x02,
  MAX_CONCURRENT_STREAMS: 0x03,
  INITIAL_WINDOW_SIZE: 0x04,
  MAX_FRAME_SIZE: 0x05,
  MAX_HEADER_LIST_SIZE: 0x06,
  ENABLE_CONNECT_PROTOCOL: 0x08,
  NO_RFC7540_PRIORITIES: 0x09,
} as const

export type SettingsParameterName = keyof typeof SettingsParameter
