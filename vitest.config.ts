import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Tests of the public API import 'isochron' as a user does: the built package.
  resolve: { alias: { isochron: fileURLToPath(new URL('./dist/index.js', import.meta.url)) } },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/suite/start-suite.ts'],
    setupFiles: ['test/suite/write-time.ts', 'test/suite/list-size.ts'],
    testTimeout: 30_000,
    maxWorkers: 2,
    // One process loads a module once for all its test files: half of the suite's time went into loading.
    isolate: false,
  },
})
