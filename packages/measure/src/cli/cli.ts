import { main } from './main'

/*
 * The entry point that bin/h2lab.js loads.
 */

/** Whether some output could not be printed. The command itself continued. */
let unprinted = false

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that stops early, such as head(1), is not an error.
  if (error.code === 'EPIPE' || unprinted) return
  unprinted = true
  process.exitCode = 1
  process.stderr.write(`Can't write to the standard output: ${error.message}.\n`)
})

// There is nowhere left to report it.
process.stderr.on('error', () => {})

main(process.argv).then(
  (code) => {
    process.exitCode = unprinted ? 1 : code
  },
  (error: unknown) => {
    console.error(error)
    process.exitCode = 1
  },
)
