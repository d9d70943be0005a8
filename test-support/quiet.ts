/** Waits until this process, including the threads of its servers, has used almost no CPU time for a while. */
export async function quiet(): Promise<void> {
  for (let calm = 0; calm < 3; ) {
    const before = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const { user, system } = process.cpuUsage(before)
    calm = user + system < 10_000 ? calm + 1 : 0
  }
}
