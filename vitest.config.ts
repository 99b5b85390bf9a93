import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

/** Tests that put another module in the place of one, or load modules anew: they need a process of their own. */
const apart = readdirSync(here('./test'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => `test/${name.replaceAll('\\', '/')}`)
  .filter((name) => /\bvi\.(?:mock|doMock|resetModules)\(/.test(readFileSync(here(`./${name}`), 'utf8')))

const shared = {
  setupFiles: ['test/suite/write-time.ts', 'test/suite/properties.ts'],
  testTimeout: 30_000,
  hookTimeout: 30_000,
  // A view that is kept for longer than it is lent fails at once (src/base/lent.ts).
  env: { ISOCHRON_POISON_VIEWS: '1' },
}
// Tests of the public API import 'isochron' as a user does: the built package.
const resolve = { alias: { isochron: here('./dist/index.js') } }

export default defineConfig({
  test: {
    globalSetup: ['test/suite/start-suite.ts'],
    maxWorkers: 2,
    projects: [
      // One process loads a module once for all its test files: half of the suite's time went into loading.
      {
        resolve,
        test: { ...shared, name: 'together', include: ['test/**/*.test.ts'], exclude: apart, isolate: false },
      },
      { resolve, test: { ...shared, name: 'apart', include: apart } },
    ],
  },
})
