import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LastLines } from '../../src/report/last-lines.js';
import { PrefixedLines } from '../../src/report/prefixed-lines.js';

/** Any bytes, with many ends of lines among them. */
const bytes = fc
  .array(fc.oneof(fc.constant(0x0a), fc.integer({ min: 0, max: 255 })))
  .map((numbers) => Buffer.from(numbers));

function written(prefix: string, chunks: readonly (Buffer | string)[]): Buffer[] {
  const lines: Buffer[] = [];
  const target = new PrefixedLines(prefix, (line) => void lines.push(line));
  for (const chunk of chunks) target.write(chunk);
  target.end();
  target.end();
  return lines;
}

describe('lines with a prefix', () => {
  it('are the bytes that came, however they were cut, in a write a line', () => {
    fc.assert(
      fc.property(fc.array(bytes), (chunks) => {
        const lines = written('[a] ', chunks);
        for (const line of lines) {
          expect(line.subarray(0, 4).toString()).toBe('[a] ');
          expect(line.indexOf(0x0a)).toBe(line.length - 1);
        }
        const all = Buffer.concat(chunks);
        const ended = all.length > 0 && all.at(-1) !== 0x0a ? [...all, 0x0a] : [...all];
        expect(lines.flatMap((line) => [...line.subarray(4)])).toEqual(ended);
      }),
    );
  });

  it('keep a last line without an end, and empty ones', () => {
    expect(written('> ', ['a\n\nb', 'c']).map(String)).toEqual(['> a\n', '> \n', '> bc\n']);
    expect(written('> ', [])).toEqual([]);
  });

  it('are cut when they do not end', () => {
    const lines = written(
      '',
      Array.from({ length: 10 }, () => 'x'.repeat(20_000)),
    );
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.map(String).join('').replaceAll('\n', '')).toBe('x'.repeat(200_000));
  });

  it('are the writer’s own, whatever becomes of the chunk', () => {
    const lines: string[] = [];
    const target = new PrefixedLines('', (line) => void lines.push(line.toString()));
    const chunk = Buffer.from('good');
    target.write(chunk);
    chunk.fill('x');
    target.end();
    expect(lines).toEqual(['good\n']);
  });
});

describe('the last lines', () => {
  it('are all where there are few', () => {
    const last = new LastLines();
    last.add(Buffer.from('one\ntw'));
    last.add(Buffer.from('o\n'));
    expect(last.text()).toBe('one\ntwo');
    expect(new LastLines().text()).toBe('');
  });

  it('are the last 200 of more, and say that there were more', () => {
    const last = new LastLines();
    for (let line = 1; line <= 1000; line++) last.add(Buffer.from(`line ${line}\n`));
    const lines = last.text().split('\n');
    expect(lines).toHaveLength(201);
    expect([lines[0], lines[1], lines.at(-1)]).toEqual(['…', 'line 801', 'line 1000']);
  });

  it('take a bounded room', () => {
    const last = new LastLines();
    for (let line = 0; line < 100; line++) last.add(Buffer.from(`${'x'.repeat(9999)}\n`));
    const lines = last.text().split('\n');
    expect(lines[0]).toBe('…');
    expect(lines.slice(1).every((line) => line === 'x'.repeat(9999))).toBe(true);
    expect(last.text().length).toBeLessThan(65_536);
  });
});
