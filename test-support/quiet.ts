/** Waits until this process, servers in its threads included, has used no CPU to speak of for a while. */
export async function quiet(): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { user, system } = process.cpuUsage(before)
    calm = user + system < 10_000 ? calm + 1 : 0
  }
}
