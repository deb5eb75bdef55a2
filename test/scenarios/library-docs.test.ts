import { execa, type Result } from 'execa';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { examplesOf } from '../helpers/doc-examples.js';
import { compile, esModule, tsconfig, writeProject } from '../helpers/package.js';
import { canRun } from '../helpers/require.js';

const runs = await canRun('process');
const main = new URL('../../dist/main.js', import.meta.url).pathname;

/** The examples of docs/library.md, in a project that has this package installed, on the process engine. */
describe.skipIf(!runs)('the examples of docs/library.md', () => {
  let cli: Cli & AsyncDisposable;

  beforeAll(async () => {
    cli = await makeCli('process');
    const files = examplesOf('docs/library.md');
    await writeProject(cli.directory, {
      'package.json': esModule,
      'tsconfig.json': tsconfig(),
      ...files,
      'kcluster.yaml': 'name: examples\n',
    });
  });
  afterAll(async () => await cli[Symbol.asyncDispose]());

  async function node(...args: string[]): Promise<Result> {
    return await execa(process.execPath, args, {
      cwd: cli.directory,
      env: cli.env,
      extendEnv: false,
      reject: false,
      all: true,
    });
  }

  it('are compiled', async () => {
    expect(await compile(cli.directory)).toBe('');
  });

  it.each(['orders.js', 'options.js', 'broken.js'])('%s runs to its end', async (script) => {
    const result = await node(script);
    expect(result.exitCode, String(result.all)).toBe(0);
  });

  it('of a bundle have written one', async () => {
    expect(await readdir(join(cli.directory, 'artifacts'))).toEqual([
      expect.stringMatching(/\.tar\.gz$/),
    ]);
  });

  it.each([
    [
      'Vitest',
      ['node_modules/vitest/vitest.mjs', 'run', 'vitest/', '--exclude', '**/*.js'],
      /3 passed/,
    ],
    ['Jest', ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js'], /1 passed, 1 total/],
    ['Mocha', ['node_modules/mocha/bin/mocha.js'], /1 passing/],
    ['Mocha with --parallel', ['node_modules/mocha/bin/mocha.js', '--parallel'], /1 passing/],
    ['node:test', ['--test', 'node-test/fresh.test.js'], /pass 1/],
    [
      'node:test within kcluster run',
      [main, 'run', '--', process.execPath, '--test', 'node-test/shared.test.js'],
      /pass 1/,
    ],
  ])('of %s pass', async (_runner, words, told) => {
    const result = await node(...words);
    expect(result.exitCode, String(result.all)).toBe(0);
    expect(result.all).toMatch(told);
  });

  it('leave nothing', async () => {
    // The reaper leaves when it sees that there is nothing to watch.
    await expect.poll(() => leftovers(cli, 'none'), { timeout: 10_000 }).toEqual([]);
  });
});
