/** Formats microseconds for an axis: `200 µs`, `5 ms`, `1 s`. */
export function timeLabel(microseconds: number): string {
  if (microseconds < 1000) return `${short(microseconds)} µs`
  if (microseconds < 1e6) return `${short(microseconds / 1000)} ms`
  return `${short(microseconds / 1e6)} s`
}

function short(value: number): string {
  return String(Number(value.toPrecision(3)))
}
