import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import manifest from '../../package.json' with { type: 'json' };
import { compile, esModule, packedPackage, tsconfig, writeProject } from '../helpers/package.js';

const consumer = `
import { createCluster, KclusterError, type Cluster, type ClusterOptions, type Event } from 'kcluster';
import type { Isolated } from 'kcluster/mocha';
import * as vitest from 'kcluster/vitest';
import * as jest from 'kcluster/jest';
import setup from 'kcluster/jest/setup';
import teardown from 'kcluster/jest/teardown';
import * as nodeTest from 'kcluster/node-test';

const options: ClusterOptions = {
  brokers: 3,
  kafka: { version: '3.5', settings: { 'num.partitions': 3 }, perBroker: { 2: { rack: 'west' } } },
  listeners: { networks: ['apps'] },
  signal: new AbortController().signal,
  onEvent: (event: Event) => void event.type,
};
export async function use(): Promise<string> {
  await using cluster: Cluster = await createCluster(options);
  const { nodes, healthy } = await cluster.status();
  const [broker] = cluster.brokers;
  const lines: string[] = [];
  for await (const line of cluster.logs(broker!.service, { tail: 3 })) lines.push(line);
  return [cluster.bootstrapServers, String(healthy), nodes[0]!.service, ...lines].join();
}
export const kinds = (error: unknown): string | undefined =>
  error instanceof KclusterError ? error.kind : undefined;
export const all: unknown[] = [vitest.setupWith(options), jest.freshCluster, setup, teardown, nodeTest.globalSetup];
export const names = (kafka: Isolated): string => kafka.topic('orders') + kafka.group('g') + kafka.prefix;
// @ts-expect-error there is no such option
void createCluster({ broker: 3 });
// @ts-expect-error a number is not text
void createCluster({ brokers: '3' });
// @ts-expect-error there are no such images
void createCluster({ images: 'mine' });
`;

describe('the package', () => {
  it('has what it names, and nothing that it was made from', async () => {
    const { files } = await packedPackage();
    const named = Object.values(manifest.exports).flatMap((each) =>
      typeof each === 'string' ? [each] : Object.values(each),
    );
    expect(files).toEqual(expect.arrayContaining(named.map((path) => path.replace('./', ''))));
    expect(files).toEqual(expect.arrayContaining(['docs/library.md', 'docs/api/README.md']));
    expect(files.filter((path) => /^(src|test|scripts|bench)\//.test(path))).toEqual([]);
  });

  it.each([
    { module: 'Node16', moduleResolution: 'Node16' },
    { module: 'ES2022', moduleResolution: 'bundler' },
  ])(
    'is understood by TypeScript with $moduleResolution',
    async (options) => {
      const directory = await mkdtemp(join(tmpdir(), 'kcluster-consumer-'));
      try {
        await writeProject(directory, {
          'package.json': esModule,
          // Declarations of this package are checked, too; those of vitest need more of the project.
          'tsconfig.json': tsconfig({ ...options, noEmit: true }),
          'consumer.ts': consumer,
        });
        expect(await compile(directory)).toBe('');
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    120_000,
  );
});
