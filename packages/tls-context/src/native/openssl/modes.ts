/*
 * Modes of an SSL, SSL_CTX_set_mode(3), and how they are set and cleared. Numbers of openssl/ssl.h that are part of
 * OpenSSL's binary interface.
 */

export const SSL_CTRL_MODE = 33
export const SSL_CTRL_CLEAR_MODE = 78

/** A write that is tried again may come from other memory. */
export const SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 0x02
/** A renegotiation or a key update in between isn't reported: the read goes on. */
export const SSL_MODE_AUTO_RETRY = 0x04
/** Between records no buffers are kept for them, which take up to 34 KiB; `native.bench.mjs` shows the cost. */
export const SSL_MODE_RELEASE_BUFFERS = 0x10
