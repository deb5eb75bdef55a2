#!/usr/bin/env node
// How long the CLI itself takes, beside a bare Node.js: interleaved, medians.
//   node bench/start.mjs [RUNS]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { main, makePlace, run } from './place.mjs';

const runs = Number(process.argv[2] ?? 15);
const place = makePlace();
const env = {
  ...process.env,
  KCLUSTER_STATE: join(place.directory, 'state'),
  KCLUSTER_ENGINE: 'process',
};
const options = { cwd: place.directory, env };
const absent = `${place.name}-absent`;
const up = ['up', '--ports', 'auto', '--name'];

/** What a command is expected to end with, if not 0; or the step of `up` with which its time ends. */
const contenders = {
  'node -e 0': { args: ['-e', '0'] },
  'kcluster --version': { args: [main, '--version'] },
  'kcluster --help': { args: [main, '--help'] },
  'kcluster up --help': { args: [main, 'up', '--help'] },
  'kcluster status': { args: [main, 'status', '--name', place.name] },
  'kcluster status, no such cluster': { args: [main, 'status', '--name', absent], expected: 5 },
  'kcluster up, until its plan': { args: [main, ...up, absent, '--dry-run'] },
  'kcluster up, until the first node': { args: [main, ...up, absent], step: 'start-node' },
};

const times = Object.fromEntries(Object.keys(contenders).map((name) => [name, []]));
try {
  await run(process.execPath, [main, ...up, place.name], options);
  // The first round warms the file system's cache and does not count.
  for (let round = 0; round <= runs; round += 1) {
    for (const [name, { args, expected = 0, step }] of Object.entries(contenders)) {
      const time = step ? await untilStep(args, step) : await untilEnd(args, expected);
      if (round > 0) times[name].push(time);
    }
  }
} finally {
  for (const name of [place.name, absent])
    await run(process.execPath, [main, 'down', '--volumes', '--name', name], options);
  place.remove();
}

async function untilEnd(args, expected) {
  const begin = performance.now();
  const child = spawn(process.execPath, args, { ...options, stdio: 'ignore' });
  const [code] = await once(child, 'exit');
  if (code !== expected) throw new Error(`${args.join(' ')} ended with ${code}`);
  return performance.now() - begin;
}

/** The rest is not measured: an interrupted `up` takes back what it made. */
async function untilStep(args, step) {
  const begin = performance.now();
  const stdio = ['ignore', 'ignore', 'pipe'];
  const child = spawn(process.execPath, [...args, '--output', 'json'], { ...options, stdio });
  const exited = once(child, 'exit');
  let time;
  for await (const line of createInterface({ input: child.stderr })) {
    const event = JSON.parse(line);
    if (time !== undefined || event.type !== 'step-started' || event.step.kind !== step) continue;
    time = performance.now() - begin;
    child.kill('SIGINT');
  }
  await exited;
  if (time === undefined) throw new Error(`${args.join(' ')} made no step ${step}`);
  return time;
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
