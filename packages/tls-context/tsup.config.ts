import { packageBuild } from '../../tsup.base.ts'

export default packageBuild(
  { index: 'src/index.ts', native: 'src/native/index.ts' },
  // Each class once, in CommonJS too: `instanceof` has to hold from entry to entry.
  { splitting: true },
)
