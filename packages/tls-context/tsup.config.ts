import { packageBuild } from '../../tsup.base.ts'

export default packageBuild({ index: 'src/index.ts', native: 'src/native/index.ts' })
