import type { FromHelper, ToHelper } from './messages'

/** What a helper does when it is told to. */
export interface HelperRole<Setup, Report> {
  /** Resolves when it is ready. */
  start(setup: Setup): Promise<void>
  begin(): void
  calm?(): void
  report(): Report
}

/** Runs this process as a helper: it ends when the process that started it is gone. */
export function serveHelper<Setup, Report>(
  role: (tell: (message: FromHelper<Report>) => void) => HelperRole<Setup, Report>,
): void {
  const tell = (message: FromHelper<Report>) => void process.send?.(message)
  const { start, begin, calm, report } = role(tell)
  process.on('disconnect', () => process.exit())
  // Ctrl-C goes to the whole process group; the measuring process decides what it means.
  process.on('SIGINT', () => {})
  process.on('message', (message: ToHelper<Setup>) => {
    switch (message.type) {
      case 'start':
        start(message.setup).then(
          () => tell({ type: 'ready' }),
          (error: unknown) => tell({ type: 'failed', message: String(error) }),
        )
        break
      case 'begin':
        begin()
        break
      case 'calm':
        calm?.()
        break
      case 'report':
        tell({ type: 'report', report: report() })
    }
  })
}
