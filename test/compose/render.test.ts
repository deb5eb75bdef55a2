import { execa } from 'execa';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toComposeDocument } from '../../src/compose/document.js';
import { configHash, isConfigHash } from '../../src/compose/hash.js';
import { hasTool } from '../helpers/tools.js';
import { everywhere, rendered } from '../helpers/clusters.js';

const documents = [
  ['single', rendered({})],
  ['three-and-three', rendered({ brokers: 3, zookeepers: 3 })],
  ['local-images', rendered({ images: 'local', kafkaPort: 19092, zookeeperPort: 12181 })],
  ['listeners', rendered({ ...everywhere, network: ['apps', 'web_default'], brokers: 2 })],
  ['process-listeners', rendered({ ...everywhere, network: undefined }, 'host')],
  ['process-single', rendered({}, 'host')],
  ['process-three-and-three', rendered({ brokers: 3, zookeepers: 3 }, 'host')],
] as const;

describe('rendered documents', () => {
  it.each(documents)('%s is the golden one', async (name, { text }) => {
    await expect(text).toMatchFileSnapshot(`../goldens/${name}.yaml`);
  });

  it.each(documents)('%s is what its text says', (_name, { text, document }) => {
    expect(toComposeDocument(parse(text))).toEqual(document);
  });

  it.skipIf(!hasTool('docker-compose')).each(documents)(
    '%s is accepted by docker-compose',
    async (_name, { text }) => {
      const directory = await mkdtemp(join(tmpdir(), 'kcluster-compose-'));
      try {
        await writeFile(join(directory, 'compose.yaml'), text);
        const result = await execa('docker-compose', ['-f', 'compose.yaml', 'config', '--quiet'], {
          cwd: directory,
          reject: false,
        });
        expect(result.stderr).toBe('');
        expect(result.exitCode).toBe(0);
      } finally {
        await rm(directory, { recursive: true });
      }
    },
  );
});

describe('toComposeDocument', () => {
  it('refuses every key that it does not run, by name', () => {
    const tree = parse(rendered({}).text) as { services: Record<string, Record<string, unknown>> };
    tree.services['broker-1']!['restart'] = 'always';
    tree.services['zookeeper-1']!['privileged'] = true;
    expect(() => toComposeDocument({ ...tree, secrets: {} })).toThrow(
      /services\.zookeeper-1: .*privileged[\s\S]*services\.broker-1: .*restart[\s\S]*secrets/,
    );
  });
});

describe('configHash', () => {
  it('is the same for the same definition in another order', () => {
    expect(configHash({ a: 1, b: { c: [1, 2], d: 2 } })).toBe(
      configHash({ b: { d: 2, c: [1, 2] }, a: 1 }),
    );
  });

  it('changes with a value, and with the order of a list', () => {
    const hashes = [{ a: [1, 2] }, { a: [2, 1] }, { a: [1, 3] }].map(configHash);
    expect(new Set(hashes).size).toBe(3);
  });

  it('is told from a hash of Compose', () => {
    expect(isConfigHash(configHash({}))).toBe(true);
    expect(isConfigHash('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')).toBe(
      false,
    );
  });
});
