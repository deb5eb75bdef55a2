// Says how many tests of a foreign suite passed in each run, and names those that did not do the same in all:
//   node compare.mjs FIRST.json SECOND.json ...
// A file is what `jest --json` or `go test -json` wrote.
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** By the name of a test, which for Jest has the path of its file within the suite: passed, failed or skipped. */
function resultsOf(path) {
  const text = readFileSync(path, 'utf8');
  return new Map(
    text.startsWith('{"Time"') || text.startsWith('{"Action"') ? go(text) : jest(text),
  );
}

function jest(text) {
  return JSON.parse(text).testResults.flatMap(({ name, assertionResults }) =>
    assertionResults.map(({ fullName, status }) => [
      `${name.replace(/^.*\/(?=src\/)/, '')}: ${fullName}`,
      status === 'pending' ? 'skipped' : status,
    ]),
  );
}

const ends = { pass: 'passed', fail: 'failed', skip: 'skipped' };

function go(text) {
  const events = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  return events.flatMap(({ Test, Action }) => (Test && ends[Action] ? [[Test, ends[Action]]] : []));
}

const runs = process.argv.slice(2).map((path) => ({ path, results: resultsOf(path) }));
for (const { path, results } of runs) {
  const count = (wanted) => [...results.values()].filter((result) => result === wanted).length;
  console.log(
    `${basename(path)}: ${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`,
  );
}
const names = [...new Set(runs.flatMap(({ results }) => [...results.keys()]))].sort();
for (const name of names) {
  const all = runs.map(({ results }) => results.get(name) ?? 'absent');
  if (new Set(all).size > 1) console.log(`differs: ${name}: ${all.join(', ')}`);
  else if (all[0] === 'failed') console.log(`failed in all: ${name}`);
}
