import { main } from './main'

/*
 * What bin/h2lab.js loads.
 */

/** Something could not be printed; the command itself went on. */
let unprinted = false

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, as head(1), is no fault.
  if (error.code === 'EPIPE' || unprinted) return
  unprinted = true
  process.exitCode = 1
  process.stderr.write(`Can't write to the standard output: ${error.message}.\n`)
})

// There is nowhere left to say so.
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
