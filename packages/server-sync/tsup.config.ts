import { packageBuild } from '../../tsup.base.ts'

export default packageBuild(
  {
    index: 'src/index.ts',
    // Run by their paths in worker threads.
    'none-thread': 'src/none/none-thread.ts',
    'listener-thread': 'src/thread/listener-thread.ts',
    'client-thread': 'src/thread/client-thread.ts',
  },
  { dts: { entry: { index: 'src/index.ts' } } },
)
