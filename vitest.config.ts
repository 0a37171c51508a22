import { defineConfig } from 'vitest/config'

export default defineConfig({
  ssr: { resolve: { conditions: ['sqlatency-source', 'node'] } },
  test: {
    include: ['{bench,adapters,scenarios,reports}/**/*.test.ts'],
    // On two cores; a third of the time is waiting for servers and timers. More workers only make servers wait for one another.
    maxWorkers: 3,
    // Real servers on whatever machine this is: the limits are for hangs, not for slowness.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
