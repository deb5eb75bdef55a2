import fc from 'fast-check';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { frames } from '../../../src/engines/docker/frames.js';
import { lines } from '../../../src/engines/docker/lines.js';

/** Cuts at the given places, modulo the length. */
function cut(data: Buffer, places: readonly number[]): Readable {
  const at = [...new Set(places.map((place) => place % (data.length + 1)))].sort((a, b) => a - b);
  const ends = [...at, data.length];
  return Readable.from(
    ends
      .map((end, index) => data.subarray(index === 0 ? 0 : ends[index - 1], end))
      .filter((part) => part.length > 0),
    { objectMode: true },
  );
}

function frame(channel: 1 | 2, payload: Buffer): Buffer {
  const header = Buffer.alloc(8);
  header[0] = channel;
  header.writeUInt32BE(payload.length, 4);
  return Buffer.concat([header, payload]);
}

async function collected(source: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const each of source) all.push(each);
  return all;
}

const places = fc.array(fc.nat(), { maxLength: 20 });

describe('frames', () => {
  it('come apart whole wherever the stream is cut', async () => {
    const parts = fc.array(
      fc.tuple(
        fc.constantFrom<1 | 2>(1, 2),
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
      ),
    );
    await fc.assert(
      fc.asyncProperty(parts, places, async (written, at) => {
        const stream = cut(
          Buffer.concat(written.map(([channel, data]) => frame(channel, data))),
          at,
        );
        const read = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
        for await (const { channel, payload } of frames(stream)) read[channel].push(payload);
        for (const [channel, name] of [
          [1, 'stdout'],
          [2, 'stderr'],
        ] as const)
          expect(Buffer.concat(read[name])).toEqual(
            Buffer.concat(written.filter(([c]) => c === channel).map(([, data]) => data)),
          );
      }),
    );
  });
});

describe('lines', () => {
  it('are the same wherever the stream is cut, also inside a character', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\n\r]/g, ''));
    await fc.assert(
      fc.asyncProperty(fc.array(line), places, async (written, at) => {
        const text = Buffer.from(written.map((each) => `${each}\n`).join(''));
        expect(await collected(lines(cut(text, at)))).toEqual(written);
      }),
    );
  });

  it('end with a partial one, and lose a carriage return', async () => {
    const read = await collected(lines(cut(Buffer.from('a\r\n\nzwölf'), [9])));
    expect(read).toEqual(['a', '', 'zwölf']);
  });
});
