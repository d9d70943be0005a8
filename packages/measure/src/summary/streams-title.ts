/** Such as `1 stream` or `10 streams`. */
export function streamsTitle(streams: number): string {
  return `${streams} ${streams === 1 ? 'stream' : 'streams'}`
}
