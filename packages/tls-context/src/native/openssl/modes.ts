/*
 * Modes of an SSL, SSL_CTX_set_mode(3), and the commands to set and clear them. Numbers of
 * openssl/ssl.h that are part of OpenSSL's ABI.
 */

export const SSL_CTRL_MODE = 33
export const SSL_CTRL_CLEAR_MODE = 78

/** A retried write may use different memory. */
export const SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 0x02
/** A read continues after a renegotiation or key update instead of reporting it. */
export const SSL_MODE_AUTO_RETRY = 0x04
/**
 * Releases the record buffers between records, which take up to 34 KiB. Benchmark:
 * `native.bench.mjs`.
 */
export const SSL_MODE_RELEASE_BUFFERS = 0x10
