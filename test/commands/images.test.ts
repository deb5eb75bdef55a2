import { describe, expect, it } from 'vitest';
import type { CommandContext } from '../../src/commands/context.js';
import { images } from '../../src/commands/images.js';
import { pairsOf, type KnownPair } from '../../src/images/catalog.js';
import { familyNames } from '../../src/images/family-names.js';
import { styleFor } from '../../src/report/style.js';

const context = {} as CommandContext;
const plain = styleFor('stdout', { NO_COLOR: '1' });

describe('kcluster images', () => {
  it('has every pair, as data and in words', async () => {
    const outcome = await images(context, {});
    const data = outcome.data as { images: KnownPair[] };
    expect(outcome.exitCode).toBe(0);
    expect(data).toEqual({ images: familyNames.flatMap((family) => pairsOf(family)) });
    const words = data.images.flatMap((pair) => [pair.kafka, pair.zookeeper, ...pair.hazards]);
    for (const word of words) expect(outcome.text(plain)).toContain(word);
  });

  it('has those of one line, and says of which a hazard is', async () => {
    const outcome = await images(context, { kafka: '2.8' });
    const { images: pairs } = outcome.data as { images: KnownPair[] };
    expect(pairs.map(({ family }) => family)).toEqual(
      expect.arrayContaining(['published', 'confluent', 'bitnami', 'wurstmeister']),
    );
    expect(new Set(pairs.map(({ kafkaLine }) => kafkaLine))).toEqual(new Set(['2.8']));
    expect(outcome.text(plain)).toMatch(/^! not built since May 2022.*: wurstmeister 2\.8$/m);
  });

  it('has those of one family', async () => {
    const { data } = await images(context, { family: 'apache', kafka: '3.8' });
    expect(data).toMatchObject({
      images: [{ kafka: 'apache/kafka:3.8.1', zookeeper: 'zookeeper:3.9.5', java: 21 }],
    });
  });

  it('names the lines that there are', async () => {
    await expect(images(context, { family: 'apache', kafka: '2.8' })).rejects.toMatchObject({
      kind: 'usage',
      message: 'no images are known for Kafka 2.8',
      hints: ['Take one of these lines: 3.9, 3.8, 3.7.'],
    });
  });
});
