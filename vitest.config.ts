// The tests, by what they stand on: nothing, DynamoDB Local, the synthesized stack, or the whole of it on this machine.
import { defineConfig } from 'vitest/config'

const database = 'test/support/global-setup.ts'
const assembly = 'test/support/synthesize.ts'

export default defineConfig({
  test: {
    // Seconds on a free machine; the rest is for one that other tests keep busy.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    // Files one after the other: those of a project share a database, and on two cores more at once only wait for it.
    maxWorkers: 1,
    teardownTimeout: 20_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'rooms',
          include: [
            'test/{clients,commands,console,contract,domain,flows,handlers,runtime,store,support}/**/*.test.ts',
          ],
          globalSetup: [database],
        },
      },
      { extends: true, test: { name: 'exactness', include: ['test/exactness/**/*.test.ts'], globalSetup: [database] } },
      {
        extends: true,
        test: {
          name: 'infrastructure',
          include: ['test/infrastructure/**/*.test.ts'],
          globalSetup: ['test/support/build-console.ts'],
        },
      },
      { extends: true, test: { name: 'local', include: ['test/local/**/*.test.ts'] } },
      {
        extends: true,
        // Each file is a whole deployment: one after the other, so that none times out for want of a core.
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          globalSetup: [assembly],
          fileParallelism: false,
        },
      },
      {
        extends: true,
        // A real browser on a whole deployment.
        test: {
          name: 'console',
          include: ['test/browser/**/*.test.ts'],
          globalSetup: [assembly],
          fileParallelism: false,
        },
      },
    ],
  },
})
