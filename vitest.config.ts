import { defineConfig } from 'vitest/config';

const engineTests = ['test/engines/**/*.test.ts', 'test/scenarios/**/*.test.ts'];

/**
 * Scenarios whose clusters have names and ports of their own, and that look at no others: two files at a time, which is what
 * a small machine carries. The other tests with real nodes run one file after the other.
 */
const besideOthers = [
  'bundle',
  'change',
  'declared-topics',
  'drain',
  'env',
  'failed-start',
  'frozen',
  'github-output',
  'interrupt',
  'lease',
  'library',
  'library-docs',
  'library-runners',
  'odd-homes',
  'profile',
  'smoke-junit',
  'timings',
  'topics',
  'wait',
].map((name) => `test/scenarios/${name}.test.ts`);

/** Nothing runs in the background of tests that they do not know of. */
const env = { KCLUSTER_ARCHIVES: process.env['KCLUSTER_ARCHIVES'] ?? 'use' };

const patience = { testTimeout: 180_000, hookTimeout: 180_000 };

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          env,
          include: ['test/**/*.test.ts'],
          exclude: engineTests,
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'beside',
          env,
          include: besideOthers,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          ...patience,
        },
      },
      {
        test: {
          name: 'engines',
          env,
          include: engineTests,
          exclude: besideOthers,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
          ...patience,
        },
      },
    ],
  },
});
