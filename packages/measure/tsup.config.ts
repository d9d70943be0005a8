import { packageBuild } from '../../tsup.base.ts'

export default packageBuild(
  {
    index: 'src/index.ts',
    cli: 'src/cli/cli.ts',
    // Run by their paths in child processes.
    'server-process': 'src/server-process/server-process.ts',
    'node-peer-process': 'src/peers/node/node-peer-process.ts',
    'hello-world-app': 'src/implementations/hello-world-app.ts',
    'load-worker-process': 'src/load/load-worker-process.ts',
  },
  { dts: { entry: { index: 'src/index.ts' } } },
)
