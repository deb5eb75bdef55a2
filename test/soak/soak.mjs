#!/usr/bin/env node
// Whether `kcluster run` leaves anything behind: many runs, many at once, many that are hit by a signal.
//   node test/soak/soak.mjs [--runs N] [--at-once N] [--kills N] [--engine process|docker] [--seed S]
// Linux only: it reads /proc. `--lanes` is how many kills go side by side, `--only I` does the I-th alone.
import { parseArgs } from 'node:util';
import { killOnce } from './kill.mjs';
import { Place } from './place.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    'at-once': { type: 'string', default: '20' },
    kills: { type: 'string', default: '200' },
    engine: { type: 'string', default: 'process' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    lanes: { type: 'string', default: '4' },
    span: { type: 'string', default: '9000' },
    only: { type: 'string' },
  },
});
const { engine } = values;
const seed = Number(values.seed);
const settleMs = 30_000;
let wrong = 0;

say(`seed ${seed}, engine ${engine}`);
if (values.only === undefined) {
  await consecutive(Number(values.runs));
  await atOnce(Number(values['at-once']));
}
await kills(Number(values.kills), Number(values.lanes));
process.exitCode = wrong === 0 ? 0 : 1;

async function consecutive(count) {
  if (count === 0) return;
  const place = new Place(engine);
  let failed = 0;
  let unclean = 0;
  const times = [];
  for (let index = 0; index < count; index++) {
    const name = `soak-${seed}-run-${index}`;
    const begin = performance.now();
    const { code, signal } = await place.start(name, ['true']).ended;
    times.push(performance.now() - begin);
    if (code !== 0) {
      failed++;
      finding(`run ${index}`, [`ended with ${code ?? signal}`, ...place.tail(name)]);
    }
    // The reaper looks twice a second whether it is still needed.
    const left = await place.settle(name, settleMs);
    if (left.length > 0) unclean++;
    finding(`run ${index}`, left);
  }
  finding('after the runs', await place.settle(undefined, settleMs));
  place.close();
  const median = times.toSorted((a, b) => a - b)[Math.floor(count / 2)];
  say(
    `consecutive: ${count} runs, ${failed} failed, ${unclean} left something; median ${Math.round(median)} ms`,
  );
}

async function atOnce(count) {
  if (count === 0) return;
  const place = new Place(engine);
  const begin = performance.now();
  const names = Array.from({ length: count }, (_, index) => `soak-${seed}-once-${index}`);
  const runs = names.map((name) => place.start(name, ['true']));
  const ends = await Promise.all(runs.map(({ ended }) => ended));
  const ms = Math.round(performance.now() - begin);
  let unclean = 0;
  for (const [index, { code, signal }] of ends.entries()) {
    const name = names[index];
    if (code !== 0) finding(name, [`ended with ${code ?? signal}`, ...place.tail(name)]);
    const left = await place.settle(name, settleMs);
    if (left.length > 0) unclean++;
    finding(name, left);
  }
  finding('after all at once', await place.settle(undefined, settleMs));
  place.close();
  const failed = ends.filter(({ code }) => code !== 0).length;
  say(`at once: ${count} runs, ${failed} failed, ${unclean} left something; ${ms} ms`);
}

async function kills(count, lanes) {
  const tally = {};
  const only = values.only === undefined ? undefined : Number(values.only);
  let next = only ?? 0;
  let hits = 0;
  let withNotes = 0;
  const lane = async () => {
    let place = new Place(engine);
    while (only === undefined ? hits < count : next === only) {
      const index = next++;
      const name = `soak-${seed}-kill-${index}`;
      const random = generator(seed * 10_007 + index);
      const result = await killOnce(place, { name, random, span: Number(values.span) });
      const { kind, sent, moment, end, settled, notes, findings } = result;
      const what = kind === 'none' ? 'nothing hit' : `${sent} to ${kind}`;
      if (kind !== 'none') hits++;
      if (notes > 0) withNotes++;
      tally[what] = (tally[what] ?? 0) + 1;
      say(
        `kill ${index}: ${what} at ${moment} ms, ended with ${end?.code ?? end?.signal}, settled at ${settled} ms${notes > 0 ? `, ${notes} notes of the dead` : ''}`,
      );
      if (findings.length === 0) continue;
      finding(`kill ${index} (--seed ${seed} --only ${index}): ${what} at ${moment} ms`, findings);
      // What one kill has left must not be found with the next one.
      await place.kcluster('prune');
      finding(`kill ${index}, after prune`, await place.left(name));
      await place.kcluster('down', '--volumes', '--name', name);
      place.close();
      place = new Place(engine);
    }
    finding('after the kills', await place.settle(undefined, settleMs));
    place.close();
  };
  await Promise.all(Array.from({ length: only === undefined ? lanes : 1 }, lane));
  if (count > 0) say(`kills: ${hits} signals that hit; ${JSON.stringify(tally)}`);
  if (count > 0)
    say(`${withNotes} left notes of the dead to the next command; ${wrong} findings in all`);
}

function finding(where, what) {
  if (what.length === 0) return;
  wrong++;
  say([`FOUND ${where}:`, ...what.map((line) => `  ${line}`)].join('\n'));
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

/** Mulberry32: the same numbers for the same seed, everywhere. */
function generator(start) {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
