import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ExitCode } from '../../src/errors.js';
import { clientEnvironment } from '../../src/connect/environment.js';
import { verbs } from '../../src/cli/verbs.js';
import { pinnedVersions, readJarLock } from '../../src/jars/lock.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { fileLayer } from '../../src/spec/yaml-file.js';

const readme = readFileSync('README.md', 'utf8');

describe('the README', () => {
  it('begins with the two commands', () => {
    const [block] = readme.match(/```sh\n[\s\S]*?```/) ?? [''];
    expect(block).toMatch(/^npm ci && npx kcluster up --smoke /m);
    expect(block).toMatch(/^npm ci && npm test /m);
  });

  it('names every verb', () => {
    for (const { signature, under } of verbs) {
      const [name] = signature.split(' ');
      expect(readme).toContain(under ? `kcluster ${under} ${name}` : `${name}`);
    }
  });

  it('names every version of Kafka and of ZooKeeper that is pinned', () => {
    for (const version of pinnedVersions()) {
      expect(readme).toContain(version);
      expect(readme).toContain(readJarLock(version).zookeeper);
    }
  });

  it('has a kcluster.yaml that is a cluster', () => {
    const [, text = ''] = /^## kcluster\.yaml[\s\S]*?```yaml\n([\s\S]*?)```/m.exec(readme)!;
    const { spec } = resolveSpec([fileLayer('README.md', text, {})]);
    expect(spec).toMatchObject({ name: 'orders', kafka: { brokers: 3, port: 9092 } });
  });

  it('has every variable that programs get, and no other', () => {
    const addresses = { bootstrapServers: 'h:1', zookeeperConnect: 'h:2' };
    const variables = clientEnvironment({
      name: 'orders',
      engine: 'docker',
      addresses,
      kafkaVersion: '3.9.2',
    });
    const [, table = ''] = /\| who reads it +\|\n([\s\S]*?)\n\n/.exec(readme) ?? [];
    const named = [...table.matchAll(/`([A-Z_]+)`/g)].map((match) => match[1]!);
    expect(['KCLUSTER_NAME', 'KCLUSTER_ENGINE', ...named].toSorted()).toEqual(
      Object.keys(variables).toSorted(),
    );
  });

  it('has every exit code', () => {
    const table = [...readme.matchAll(/^\| (\d+(?:, \d+)*) +\|/gm)].flatMap((match) =>
      match[1]!.split(', ').map(Number),
    );
    expect(table).toEqual(Object.values(ExitCode));
  });
});
