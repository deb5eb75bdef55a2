import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogOptions } from '../../../src/cluster/engine.js';
import { linesOf } from '../../../src/engines/process/log-lines.js';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'kcluster-log-'));
  path = join(directory, 'node.log');
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

async function lines(options: LogOptions): Promise<string[]> {
  const all: string[] = [];
  for await (const line of linesOf(path, options, () => Promise.resolve(false))) all.push(line);
  return all;
}

/** Follows into an array; `done` settles when the following ends. */
function follow(options: LogOptions, isExpected = true) {
  const seen: string[] = [];
  const done = (async () => {
    const expected = (): Promise<boolean> => Promise.resolve(isExpected);
    for await (const line of linesOf(path, { ...options, follow: true }, expected)) seen.push(line);
  })();
  return { seen, done };
}

test('the last lines, of any file', async () => {
  const text = fc.array(fc.string({ unit: fc.constantFrom('a', 'ä', '🙂', '\n', ' ') }), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(text, fc.nat(10), fc.nat(3), async (parts, tail, zeroes) => {
      // Some files are longer than one block.
      const content = 'x'.repeat(zeroes * 50_000) + parts.join('');
      writeFileSync(path, content);
      const all = content.split('\n');
      if (all.at(-1) === '') all.pop();
      expect(await lines({})).toEqual(all);
      expect(await lines({ tail })).toEqual(tail === 0 ? [] : all.slice(-tail));
    }),
    { numRuns: 60 },
  );
});

test('no file, no lines; carriage returns go', async () => {
  expect(await lines({})).toEqual([]);
  await follow({}, false).done;
  writeFileSync(path, 'a\r\nb');
  expect(await lines({ tail: 1 })).toEqual(['b']);
  expect(await lines({})).toEqual(['a', 'b']);
});

test('following: a file to come, split characters, truncation, removal', async () => {
  const { seen, done } = follow({});
  writeFileSync(path, 'one\ntw');
  await expect.poll(() => seen).toEqual(['one']);
  const euro = Buffer.from('€');
  appendFileSync(path, Buffer.concat([Buffer.from('o '), euro.subarray(0, 1)]));
  appendFileSync(path, Buffer.concat([euro.subarray(1), Buffer.from('\n')]));
  await expect.poll(() => seen).toEqual(['one', 'two €']);
  truncateSync(path);
  await new Promise((resolve) => setTimeout(resolve, 250));
  appendFileSync(path, 'new\nend');
  await expect.poll(() => seen).toEqual(['one', 'two €', 'new']);
  rmSync(path);
  await done;
  expect(seen).toEqual(['one', 'two €', 'new', 'end']);
});

test('following ends on abort, whether or not the file is there', async () => {
  const abort = new AbortController();
  const waiting = follow({ signal: abort.signal });
  writeFileSync(path, 'one\ntwo\n');
  const reading = follow({ signal: abort.signal, tail: 1 });
  await expect.poll(() => reading.seen).toEqual(['two']);
  abort.abort();
  await Promise.all([waiting.done, reading.done]);
});
