import { packageBuild } from '../../tsup.base.ts'

export default packageBuild(
  {
    index: 'src/index.ts',
    // Run by its path in worker threads.
    'async-custom-thread': 'src/async-custom/thread/async-custom-thread.ts',
  },
  { dts: { entry: { index: 'src/index.ts' } } },
)
