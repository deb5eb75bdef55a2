#!/usr/bin/env node
// How long `kcluster run` takes until its command starts: with a cluster of a pool, and with one that is started for it
// from files that are there already. Pairs, interleaved, medians; each engine that answers.
//   node bench/pool.mjs [RUNS] [ENGINE...]
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const runs = Number(process.argv[2] ?? 7);
const engines = process.argv.length > 3 ? process.argv.slice(3) : ['process', 'docker'];
const main = new URL('../dist/main.js', import.meta.url).pathname;
const directory = mkdtempSync(join(tmpdir(), 'kcluster-bench-'));

/** A state directory with a pool, and one without. */
function environment(state, engine) {
  const path = join(directory, state);
  mkdirSync(path, { recursive: true });
  return { ...process.env, KCLUSTER_STATE: path, KCLUSTER_ENGINE: engine };
}

function kcluster(env, ...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    env,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`kcluster ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}

/** Milliseconds of `kcluster run -- true` until the command starts, and until all of it is over. */
async function timesOf(env, flags) {
  const begin = performance.now();
  const words = [main, 'run', ...flags, '--no-bundle', '--output', 'json', '--', 'true'];
  const child = spawn(process.execPath, words, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  let started;
  let isMade = false;
  createInterface({ input: child.stderr }).on('line', (line) => {
    const event = line.startsWith('{') ? JSON.parse(line) : {};
    if (event.type === 'command-started') started = performance.now() - begin;
    if (event.type === 'step-started') isMade ||= event.step.kind === 'create-node';
  });
  const code = await ended;
  if (code !== 0) throw new Error(`kcluster run ended with ${code}`);
  return { started, whole: performance.now() - begin, isMade };
}

/** A pair begins when the pool is full, so that nothing is started beside it. */
async function full(env, size) {
  for (;;) {
    const { pools } = JSON.parse(kcluster(env, 'pool', '--output', 'json'));
    if (pools[0].ready === size) return;
    await sleep(250);
  }
}

const sorted = (values) => values.toSorted((a, b) => a - b);
const median = (values) => sorted(values)[Math.floor(values.length / 2)];
const ms = (value) => `${value.toFixed(0)} ms`;
const load = () => loadavg()[0].toFixed(1);

async function bench(engine) {
  const flags = engine === 'docker' ? ['--images', 'local'] : [];
  const [pooled, alone] = [environment('pooled', engine), environment('alone', engine)];
  const times = { 'from the pool': [], 'started for it': [] };
  kcluster(pooled, 'pool', '--size', '1', ...flags);
  try {
    // The first pair warms caches and does not count.
    for (let run = 0; run <= runs; run += 1) {
      await full(pooled, 1);
      const pair = [await timesOf(pooled, flags)];
      await full(pooled, 1);
      pair.push(await timesOf(alone, flags));
      if (pair[0].isMade || !pair[1].isMade) throw new Error('the pool was not where it should be');
      if (run === 0) continue;
      times['from the pool'].push(pair[0]);
      times['started for it'].push(pair[1]);
    }
  } finally {
    kcluster(pooled, 'pool', '--size', '0', ...flags);
  }
  const of = (which, what) => times[which].map((each) => each[what]);
  for (const what of ['started', 'whole']) {
    const ratio = median(of('from the pool', what)) / median(of('started for it', what));
    for (const which of Object.keys(times)) {
      const values = of(which, what);
      const row = [
        engine,
        what === 'started' ? 'until the command starts' : 'all of it',
        which,
        ms(median(values)),
        ms(Math.min(...values)),
        ms(Math.max(...values)),
        which === 'from the pool' ? ratio.toFixed(2) : '1',
      ];
      process.stdout.write(`| ${row.join(' | ')} |\n`);
    }
  }
}

process.stdout.write(
  `node ${process.version}, ${cpus().length} x ${cpus()[0].model}, ${runs} pairs, load ${load()}\n\n` +
    '| engine | `kcluster run -- true` | cluster | median | min | max | ratio |\n' +
    '| --- | --- | --- | --- | --- | --- | --- |\n',
);
try {
  for (const engine of engines) await bench(engine);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
process.stdout.write(`\nload at the end ${load()}\n`);
