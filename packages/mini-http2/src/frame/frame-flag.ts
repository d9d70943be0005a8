/**
 * The flags of frames, RFC 9113 section 6. The meaning of a bit depends on the frame type: ACK
 * applies to SETTINGS and PING, END_STREAM to DATA and HEADERS.
 */
export const FrameFlag = {
  ACK: 0x01,
  END_STREAM: 0x01,
  END_HEADERS: 0x04,
  PADDED: 0x08,
  PRIORITY: 0x20,
} as const
