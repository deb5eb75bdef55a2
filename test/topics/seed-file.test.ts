import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { byteLines } from '../../src/topics/byte-lines.js';
import { checkSeed, seedFileProblem, seedLines } from '../../src/topics/seed-file.js';
import { parseRecord } from '../../src/topics/seed-record.js';

const directory = mkdtempSync(join(tmpdir(), 'kcluster-seed-'));
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const result: T[] = [];
  for await (const item of items) result.push(item);
  return result;
}

describe('a line of JSON', () => {
  it.each<[string, object]>([
    ['{"value":"as it is"}', { key: null, value: 'as it is' }],
    ['{"key":"k","value":{"a":[1,null]}}', { key: 'k', value: '{"a":[1,null]}' }],
    ['{"key":{"id":7},"value":12.5}', { key: '{"id":7}', value: '12.5' }],
    ['{"key":null,"value":""}', { key: null, value: '' }],
    ['{"key":"gone","value":null}', { key: 'gone', value: null }],
    ['{"value":false}', { key: null, value: 'false' }],
    ['\uFEFF{"value":"ä"}', { key: null, value: 'ä' }],
    [
      '{"value":"x","headers":{"trace":"1"},"partition":3,"timestamp":1700000000000}',
      {
        key: null,
        value: 'x',
        headers: { trace: '1' },
        partition: 3,
        timestamp: 1_700_000_000_000,
      },
    ],
  ])('%s is a record', (line, record) => {
    expect(parseRecord(Buffer.from(line))).toEqual({ record });
  });

  it.each([
    ['{"value":', /^not JSON: /],
    ['"text"', /^a record is a JSON object$/],
    ['[]', /^a record is a JSON object$/],
    ['{"key":"k"}', /^a record has a value; that of a tombstone is null$/],
    ['{"vlaue":1,"value":1}', /^unknown key "vlaue"$/],
    ['{"value":1,"headers":{"a":1}}', /^the values of headers are strings$/],
    ['{"value":1,"headers":"a"}', /^headers are an object$/],
    ['{"value":1,"partition":-1}', /^partition is 0 or more$/],
    ['{"value":1,"partition":"0"}', /^partition is a whole number$/],
    ['{"value":1,"timestamp":1.5}', /^timestamp, in milliseconds, is a whole number$/],
    ['{"value":1,"partition":1.5,"x":1}', /^partition is a whole number; unknown key "x"$/],
  ])('%s is none', (line, problem) => {
    const read = parseRecord(Buffer.from(line));
    expect('problem' in read && read.problem).toMatch(problem);
  });

  it('that is not UTF-8 is none', () => {
    const line = Buffer.concat([Buffer.from('{"value":"'), Buffer.from([0xff]), Buffer.from('"}')]);
    expect(parseRecord(line)).toEqual({ problem: 'not UTF-8' });
  });
});

describe('a seed file', () => {
  it('of JSON lines skips blank ones and counts them', async () => {
    const path = file('blank.jsonl', '{"value":1}\r\n\r\n  \n{"value":2}');
    expect(await all(seedLines(path))).toEqual([
      { line: 1, end: 13, record: { key: null, value: '1' } },
      { line: 4, end: 29, record: { key: null, value: '2' } },
    ]);
  });

  it('of text has a value a line, byte for byte', async () => {
    const path = file('values.txt', Buffer.from([0x61, 0x0a, 0x0a, 0xff, 0xfe, 0x0d, 0x0a]));
    const values = (await all(seedLines(path))).map(
      (each) => 'record' in each && each.record.value,
    );
    expect(values).toEqual([Buffer.from('a'), Buffer.alloc(0), Buffer.from([0xff, 0xfe])]);
  });

  it('is checked to its end, the first problems with their lines', async () => {
    const lines = ['{"value":1}', 'x', '{"value":1,"partition":2}', ...Array<string>(20).fill('y')];
    const path = file('bad.ndjson', lines.join('\n'));
    const { problems } = await checkSeed(path, 2);
    expect(problems).toHaveLength(10);
    expect(problems[0]).toMatch(/bad\.ndjson:2: not JSON/);
    expect(problems[1]).toBe(`${path}:3: there is no partition 2: the topic has 2, from 0 on`);
    expect(await checkSeed(file('good.jsonl', '{"value":1}\n'.repeat(5)), undefined)).toEqual({
      records: 5,
      problems: [],
    });
    expect(await checkSeed(file('empty.txt', ''), 1)).toEqual({ records: 0, problems: [] });
  });

  it('that can not be read is said to be so', async () => {
    expect(await seedFileProblem(join(directory, 'none.txt'))).toMatch(/none\.txt is not there$/);
    expect(await seedFileProblem(directory)).toMatch(/ is not a file$/);
    const path = file('fine.txt', 'x');
    expect(await seedFileProblem(path)).toBeUndefined();
  });

  it.skipIf(process.getuid?.() === 0)('that may not be read is said to be so', async () => {
    const path = file('secret.txt', 'x');
    chmodSync(path, 0);
    expect(await seedFileProblem(path)).toMatch(/can't be read: EACCES/);
  });
});

describe('lines of bytes', () => {
  it('are what a file has between its line ends, wherever its chunks are cut', async () => {
    const lineBytes = fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => Buffer.from(bytes.filter((byte) => byte !== 0x0a && byte !== 0x0d)));
    // Longer than the 64 kB that are read at once.
    const long = fc.integer({ min: 65_000, max: 140_000 }).map((size) => Buffer.alloc(size, 'x'));
    const anyLines = fc.array(fc.oneof({ weight: 9, arbitrary: lineBytes }, long), {
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(anyLines, fc.boolean(), async (lines, ended) => {
        const content = lines.flatMap((line, index) =>
          index < lines.length - 1 || ended ? [line, Buffer.from('\n')] : [line],
        );
        const path = file('lines', Buffer.concat(content));
        const read = await all(byteLines(path, 200_000));
        const last = lines.at(-1);
        // Nothing after the last line end is no line.
        const expected = last?.length === 0 && !ended ? lines.slice(0, -1) : lines;
        expect(read.map(({ bytes }) => bytes!.toString('latin1'))).toEqual(
          expected.map((bytes) => bytes.toString('latin1')),
        );
        expect(read.map(({ line }) => line)).toEqual(expected.map((_, index) => index + 1));
        if (read.length > 0) expect(read.at(-1)!.end).toBe(Buffer.concat(content).length);
      }),
      { numRuns: 60 },
    );
  });

  it('end with one that is too long', async () => {
    const path = file('long', `a\n${'x'.repeat(300_000)}\nb`);
    const read = await all(byteLines(path, 100_000));
    expect(read.map(({ bytes }) => bytes?.length)).toEqual([1, undefined]);
  });
});
