import { constants } from 'node:os'
import { libc } from '../foreign/libc'

/** The size of sigset_t. */
const SIGNAL_SET_OCTETS = 128
const SIG_BLOCK = 0

let blocked = false

/**
 * Blocks SIGPIPE in this thread, once per thread, pthread_sigmask(3). OpenSSL writes without
 * MSG_NOSIGNAL, so a write to a peer that has gone raises it. Node.js ignores the signal, but only
 * until the last listener of `process.on('SIGPIPE')` is removed: it then ends the process.
 */
export function blockBrokenPipeSignal(): void {
  if (blocked) return
  const signals = Buffer.alloc(SIGNAL_SET_OCTETS)
  libc().sigemptyset(signals)
  libc().sigaddset(signals, constants.signals.SIGPIPE)
  libc().pthread_sigmask(SIG_BLOCK, signals, null)
  blocked = true
}
