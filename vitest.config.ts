import { defineConfig } from 'vitest/config';

/** Engine tests start real nodes: they run one file after the other, for the machine's sake. */
const engineTests = ['test/engines/**/*.test.ts', 'test/scenarios/**/*.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: engineTests,
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'engines',
          include: engineTests,
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
