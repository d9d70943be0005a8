#!/usr/bin/env node
import { existsSync } from 'node:fs'

// A file of its own, so that package managers can link the command before it is built.
const built = new URL('../dist/cli.js', import.meta.url)
if (existsSync(built)) {
  await import(built.href)
} else {
  console.error('h2lab is not built yet. In its repository, run: npm start, or npx turbo build')
  process.exitCode = 2
}
