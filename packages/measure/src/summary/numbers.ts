/*
 * Numbers as people read them: three digits that count, and a unit that fits.
 */

/** As `12,345` or `0.271`. */
export function formatNumber(value: number): string {
  const digits = value === 0 ? 0 : Math.max(0, 2 - Math.floor(Math.log10(Math.abs(value))))
  return value.toLocaleString('en-US', {
    minimumFractionDigits: Math.min(digits, 3),
    maximumFractionDigits: Math.min(digits, 3),
  })
}

/** Microseconds as `271 us`, `8.20 ms` or `1.00 s`. */
export function formatTime(microseconds: number): string {
  if (microseconds < 1000) return `${formatNumber(microseconds)} us`
  if (microseconds < 1e6) return `${formatNumber(microseconds / 1000)} ms`
  return `${formatNumber(microseconds / 1e6)} s`
}

/** Octets as `61.3 MiB`. */
export function formatMemory(octets: number): string {
  return `${formatNumber(octets / 2 ** 20)} MiB`
}
