import { defineConfig } from 'tsup'

// Run in the root, see `scripts/attack.mjs`. The packages are taken as they are built.
export default defineConfig({
  entry: {
    attack: 'attack/command/main.ts',
    // Run by their paths in child processes.
    'attacker-process': 'attack/processes/attacker-process.ts',
    'clients-process': 'attack/processes/clients-process.ts',
    'neighbour-process': 'attack/processes/neighbour-process.ts',
  },
  outDir: 'attack/dist',
  format: ['esm'],
  target: 'node20',
  sourcemap: true,
  clean: true,
  skipNodeModulesBundle: true,
})
