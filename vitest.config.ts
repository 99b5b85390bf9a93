import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests of the public API import 'isochron' as a user does: the built package.
  resolve: { alias: { isochron: fileURLToPath(new URL('./dist/index.js', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/suite-budget.ts'],
    setupFiles: ['test/suite-spent.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
  },
})
