import { defineConfig } from 'tsup'

// Run in the root, see `scripts/soak.mjs`. The packages are taken as they are built.
export default defineConfig({
  entry: {
    soak: 'soak/command/main.ts',
    // Run by its path in a network namespace.
    'lossy-transfer': 'soak/network/lossy-transfer.ts',
  },
  outDir: 'soak/dist',
  format: ['esm'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  skipNodeModulesBundle: true,
})
