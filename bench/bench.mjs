#!/usr/bin/env node
// Real clusters, contender by contender, round after round.
//   node bench/bench.mjs [--rounds 5] [--shapes 1+1,3+3] [--only TEXT] [--out DIRECTORY]
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chart } from './chart.mjs';
import { tutorial, withClient } from './contenders/compose.mjs';
import { floor, staged } from './contenders/floor.mjs';
import { kclusterOn } from './contenders/kcluster.mjs';
import { testcontainers } from './contenders/testcontainers.mjs';
import { machine } from './machine.mjs';
import { memoryOfNodes } from './memory.mjs';
import { makePlace } from './place.mjs';
import { summary } from './statistics.mjs';
import { inUnit, table } from './table.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    shapes: { type: 'string', default: '1+1,3+3' },
    only: { type: 'string', default: '' },
    out: { type: 'string', default: new URL('results', import.meta.url).pathname },
  },
});
const stages = ['up', 'memory', 'again', 'stop', 'start', 'down'];
const contenders = [
  tutorial,
  withClient,
  testcontainers,
  staged,
  floor,
  kclusterOn('docker', 'Docker engine'),
  kclusterOn('process', 'process engine'),
  kclusterOn('process', 'process engine, first ever', { first: true }),
].filter(({ name }) => name.includes(values.only));

const ready = await able(contenders);
const results = [];
for (const shape of values.shapes.split(',').map(parseShape)) {
  const here = ready.filter(({ can }) => can?.(shape) ?? true);
  const times = new Map(here.map(({ name }) => [name, {}]));
  // The first round fills the caches of the file system, and does not count.
  for (let round = 0; round <= Number(values.rounds); round += 1)
    for (const contender of here) {
      const measured = await cycle(contender, shape);
      say(`${shape.name} round ${round}, ${contender.name}: ${inWords(measured)}`);
      if (round > 0) note(times.get(contender.name), measured);
    }
  for (const [contender, stagesOf] of times)
    for (const [stage, all] of Object.entries(stagesOf))
      results.push({ shape: shape.name, contender, stage, ...summary(all), all });
}
const report = { machine: await machine(), results };
mkdirSync(values.out, { recursive: true });
writeFileSync(join(values.out, 'latest.json'), `${JSON.stringify(report, null, 2)}\n`);
writeFileSync(join(values.out, 'latest.md'), table(report));
writeFileSync(join(values.out, 'latest.svg'), chart(report));
process.stdout.write(table(report));

/** Those that this machine can run; the others are named. */
async function able(all) {
  const can = [];
  for (const contender of all) {
    try {
      await contender.prepare(makePlace);
      can.push(contender);
    } catch (error) {
      say(`NOT MEASURED, ${contender.name}: ${error.message.slice(0, 2000)}`);
    }
  }
  return can;
}

/** One life of a cluster: milliseconds of each stage that the contender has, and MB of memory right after `up`. */
async function cycle(contender, shape) {
  const place = makePlace();
  const life = { memory: memoryOfNodes, ...(await contender.begin(shape, place)) };
  const measured = {};
  try {
    for (const stage of stages) if (life[stage]) measured[stage] = await life[stage]();
  } catch (error) {
    // What went wrong first is what is to be told.
    await life.down().catch(() => undefined);
    throw error;
  } finally {
    place.remove();
  }
  return measured;
}

function note(times, measured) {
  for (const [stage, ms] of Object.entries(measured)) (times[stage] ??= []).push(Math.round(ms));
}

function parseShape(name) {
  const [zookeepers, brokers] = name.split('+').map(Number);
  return { name, zookeepers, brokers };
}

function inWords(measured) {
  return Object.entries(measured)
    .map(([stage, value]) => `${stage} ${inUnit(stage, value)}`)
    .join(', ');
}

function say(line) {
  process.stderr.write(`${line}\n`);
}
