#!/usr/bin/env node
// How long the CLI itself takes to start, beside a bare Node.js: pairs, interleaved, medians.
//   node bench/start.mjs [RUNS]
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';

const runs = Number(process.argv[2] ?? 15);
const main = new URL('../dist/main.js', import.meta.url).pathname;
const contenders = {
  'node -e 0': ['-e', '0'],
  'kcluster --version': [main, '--version'],
  'kcluster --help': [main, '--help'],
  'kcluster up --help': [main, 'up', '--help'],
};

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
// The first round warms the file system's cache and does not count.
for (let run = 0; run <= runs; run += 1) {
  for (const [name, args] of Object.entries(contenders)) {
    const begin = performance.now();
    const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
    if (status !== 0) throw new Error(`${name} ended with ${status}`);
    if (run > 0) times[name].push(performance.now() - begin);
  }
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const floor = median(times['node -e 0']);
process.stdout.write(
  `node ${process.version}, ${cpus().length} x ${cpus()[0].model}, ${runs} runs\n\n`,
);
process.stdout.write('| command | median | min | max | ratio |\n| --- | --- | --- | --- | --- |\n');
for (const [name, values] of Object.entries(times)) {
  const ms = [median(values), sorted(values)[0], sorted(values).at(-1)].map(
    (value) => `${value.toFixed(0)} ms`,
  );
  process.stdout.write(
    `| \`${name}\` | ${ms.join(' | ')} | ${(median(values) / floor).toFixed(2)} |\n`,
  );
}
