/*
 * CPU time that is burnt for nothing, as a known share of what each request needs: what an instrument has to find.
 */

/** It burns for so many requests at once: for one alone the time is shorter than a clock's tick. */
const REQUESTS = 100

/** After so many of these the share is measured anew: what a request costs changes as V8 compiles. */
const BURNS = 201

/**
 * Makes a function to be called with each request. It measures what its process needs for a request, and spins for
 * the share of that. Loops are counted, so that what interrupts them burns nothing.
 *
 * @param share 0.05: 5 % more than all else needs
 */
export function burner(share) {
  /** Of the burns since the last calibration, in microseconds. */
  const times = new Float64Array(BURNS)
  let requests = 0
  let burns = 0
  let loops = 1000
  let cpuBefore = process.cpuUsage()

  function calibrate() {
    const { user, system } = process.cpuUsage(cpuBefore)
    // The one in the middle was not interrupted.
    const burnt = times.sort()[BURNS >>> 1]
    const needed = Math.max(0, (user + system) / BURNS - burnt)
    loops = Math.max(1, Math.round((needed * share * loops) / burnt))
    cpuBefore = process.cpuUsage()
  }

  return () => {
    if (++requests < REQUESTS) return
    requests = 0
    const before = process.hrtime.bigint()
    spin(loops)
    times[burns] = Number(process.hrtime.bigint() - before) / 1000
    if (++burns < BURNS) return
    burns = 0
    calibrate()
  }
}

/** What goes in comes out in a way that no compiler foresees. */
let state = 1

/** Each loop waits for the one before. */
function spin(loops) {
  let value = state
  for (let loop = 0; loop < loops; loop++) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0
  state = value
}
