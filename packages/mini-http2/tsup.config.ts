import { packageBuild } from '../../tsup.base.ts'

export default packageBuild({
  index: 'src/index.ts',
  client: 'src/client/index.ts',
  hpack: 'src/hpack/index.ts',
  server: 'src/server/index.ts',
})
