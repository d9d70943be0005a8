import { packageBuild } from '../../tsup.base.ts'

export default packageBuild(
  {
    index: 'src/index.ts',
    protocol: 'src/protocol/index.ts',
    frames: 'src/frames/index.ts',
    fetch: 'src/fetch/index.ts',
    client: 'src/client/index.ts',
    hpack: 'src/hpack/index.ts',
    server: 'src/server/index.ts',
    'server-thread': 'src/server/thread/index.ts',
  },
  // Each class once, in CommonJS too: `instanceof` has to hold from entry to entry.
  { splitting: true },
)
