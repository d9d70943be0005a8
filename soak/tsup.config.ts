import { defineConfig } from 'tsup'

// Run in the root, see `scripts/soak.mjs`. The packages are taken as they are built.
export default defineConfig({
  entry: { soak: 'soak/command/main.ts' },
  outDir: 'soak/dist',
  format: ['esm'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  skipNodeModulesBundle: true,
})
