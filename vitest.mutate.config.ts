// The tests that mutants of the statistics must not survive: pure and quick, so none of the emulators.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'test/domain/{statistics/*,allocation/{allocate,next-allocation,version-allocation,watch-guardrails},results/{check-split,compare-arms,decide,judge-results,warn-readers}}.test.ts',
    ],
  },
})
