import { execa } from 'execa';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftInTheEnd, leftovers, makeCli } from '../helpers/cli.js';
import { esModule, writeProject } from '../helpers/package.js';
import { canRun } from '../helpers/require.js';

/** A file of tests that makes a topic of its own and tells which cluster it was on. */
function testFile(runner: string, hooks: string): string {
  return `${hooks}
import { appendFileSync } from 'node:fs';
import kafkajs from 'kafkajs';
import { isolated, sharedCluster } from 'kcluster/${runner}';

const names = isolated();
test('a topic is made', async () => {
  const { name, bootstrapServers } = sharedCluster();
  const kafka = new kafkajs.Kafka({ brokers: bootstrapServers.split(','), logLevel: 0 });
  const admin = kafka.admin();
  await admin.connect();
  const topic = names.topic('orders');
  const isNew = await admin.createTopics({ topics: [{ topic }] });
  await admin.disconnect();
  appendFileSync('told.jsonl', JSON.stringify({ name, topic, isNew }) + '\\n');
  await names.clean();
});
`;
}

const cjs = `const { appendFileSync } = require('node:fs');
test('the environment has the cluster', () => {
  const { KCLUSTER_NAME: name, KAFKA_BOOTSTRAP_SERVERS: topic } = process.env;
  appendFileSync('told.jsonl', JSON.stringify({ name, topic: topic + __filename, isNew: true }) + '\\n');
});
`;

interface Case {
  runner: string;
  words: string[];
  files: Record<string, string>;
}

const jest = 'node_modules/jest/bin/jest.js';
const jestConfig = `globalSetup: 'kcluster/jest/setup', globalTeardown: 'kcluster/jest/teardown', testTimeout: 60_000`;

const cases: Case[] = [
  {
    runner: 'Vitest',
    words: ['node_modules/vitest/vitest.mjs', 'run'],
    files: {
      'vitest.config.js': `export default { test: { globalSetup: './setup.js', testTimeout: 60_000 } };`,
      'setup.js': `import { setupWith } from 'kcluster/vitest';
        export const { setup, teardown } = setupWith({ name: 'mine' });`,
      ...twice('.test.js', testFile('vitest', `import { test } from 'vitest';`)),
    },
  },
  {
    runner: 'Jest with ES modules',
    words: ['--experimental-vm-modules', jest],
    files: {
      'jest.config.js': `export default { ${jestConfig}, globalSetup: './setup.js' };`,
      'setup.js': `import { setupWith } from 'kcluster/jest'; export default setupWith({ name: 'mine' });`,
      ...twice('.test.js', testFile('jest', '')),
    },
  },
  {
    runner: 'Jest with CommonJS',
    words: [jest],
    files: {
      'package.json': '{"private":true}',
      'jest.config.js': `module.exports = { ${jestConfig} };`,
      ...twice('.test.js', cjs),
    },
  },
  {
    runner: 'Mocha',
    words: ['node_modules/mocha/bin/mocha.js', '--parallel', '--jobs', '2', '--ui', 'qunit'],
    files: {
      '.mocharc.json': `{ "require": "./setup.js", "spec": "*.test.js", "timeout": 60000 }`,
      'setup.js': `import { setupWith } from 'kcluster/mocha';
        export const { mochaGlobalSetup, mochaGlobalTeardown } = setupWith({ name: 'mine' });`,
      ...twice('.test.js', testFile('mocha', '')),
    },
  },
];

function twice(ending: string, text: string): Record<string, string> {
  return { [`one${ending}`]: text, [`other${ending}`]: text };
}

const runs = await canRun('process');

describe.skipIf(!runs)('a cluster that two files of tests share', () => {
  it.each(cases)('by $runner', async ({ words, files }) => {
    await using cli = await makeCli('process');
    await writeProject(cli.directory, { 'package.json': esModule, ...files });
    const result = await execa(process.execPath, words, {
      cwd: cli.directory,
      env: cli.env,
      extendEnv: false,
      reject: false,
      all: true,
    });
    expect(result.exitCode, result.all).toBe(0);
    const told = (await readFile(join(cli.directory, 'told.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { name: string; topic: string; isNew: boolean });
    expect(told).toHaveLength(2);
    expect(new Set(told.map(({ name }) => name)).size).toBe(1);
    expect(new Set(told.map(({ topic }) => topic)).size).toBe(2);
    expect(told.map(({ isNew }) => isNew)).toEqual([true, true]);
    await expect.poll(() => leftovers(cli, told[0]!.name), { timeout: 30_000 }).toEqual([]);
  });

  it('is that of kcluster run, where it runs the tests', async () => {
    await using cli = await makeCli('process');
    await writeProject(cli.directory, { 'package.json': esModule, ...cases[0]!.files });
    const words = ['run', '--', process.execPath, ...cases[0]!.words];
    const result = await cli.run(words);
    expect(result.exitCode, result.stdout + result.stderr).toBe(0);
    const told = await readFile(join(cli.directory, 'told.jsonl'), 'utf8');
    expect(told).toMatch(/"name":"run-[0-9a-f]{8}"/);
    expect(told).not.toContain('"mine"');
    expect(await leftInTheEnd(cli, /"name":"(run-[0-9a-f]{8})"/.exec(told)![1]!)).toEqual([]);
  });
});
