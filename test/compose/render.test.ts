import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeConfigHash } from '../../src/compose/compose-hash.js';
import type { ComposeDocument } from '../../src/compose/document.js';
import { toComposeDocument } from '../../src/compose/read-document.js';
import { configHash } from '../../src/compose/hash.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { everywhere, rendered, resolved, topologyOf } from '../helpers/clusters.js';
import { describeComposeTools, runCompose } from '../helpers/compose.js';

const single = rendered({});

const documents = [
  ['single', single],
  ['three-and-three', rendered({ brokers: 3, zookeepers: 3 })],
  ['local-images', rendered({ images: 'local', kafkaPort: 19092, zookeeperPort: 12181 })],
  ['listeners', rendered({ ...everywhere, network: ['apps', 'web_default'], brokers: 2 })],
  ['production-like', rendered({ profile: 'production-like', images: 'local' })],
  ['process-listeners', rendered({ ...everywhere, network: undefined }, 'host')],
  ['process-single', rendered({}, 'host')],
  ['process-three-and-three', rendered({ brokers: 3, zookeepers: 3 }, 'host')],
] as const;

const oddValue = '$HOME-${HOME}-$$HOME-<&>-a$';

/** A document in which values look as if they had variables, or markup. */
const odd = (() => {
  const topology = topologyOf({});
  topology.brokers[0]!.networkAddress.host = oddValue;
  return renderDocument(clusterSetups(resolved({}), topology, clusterImages(resolved({}))));
})();

/** A compose file as Compose reads it, when no variable is in it. */
function read(text: string): ComposeDocument {
  const tree: unknown = parse(text, (_key, value: unknown) =>
    typeof value === 'string' ? value.replaceAll('$$', '$') : value,
  );
  return toComposeDocument(tree);
}

describe('rendered documents', () => {
  it.each(documents)('%s is the golden one', async (name, { text }) => {
    await expect(text).toMatchFileSnapshot(`../goldens/${name}.yaml`);
  });

  it.each([...documents, ['odd', odd] as const])(
    '%s is what its text says',
    (_name, { text, document }) => {
      expect(read(text)).toEqual(document);
    },
  );

  it('keep a $ from being taken for a variable, but only in the text', () => {
    const { environment } = odd.document.services['broker-1']!;
    expect(environment['KAFKA_ADVERTISED_LISTENERS']).toContain(`//${oddValue}:29092,`);
    expect(odd.text).toContain('//$$HOME-$${HOME}-$$$$HOME-<&>-a$$:29092,');
  });
});

describeComposeTools('rendered documents', true, (tool) => {
  async function withFile<T>(text: string, body: (directory: string) => Promise<T>): Promise<T> {
    const directory = await mkdtemp(join(tmpdir(), 'kcluster-compose-'));
    try {
      await writeFile(join(directory, 'compose.yaml'), text);
      return await body(directory);
    } finally {
      await rm(directory, { recursive: true });
    }
  }

  it.each(documents)('%s is accepted, without a warning', async (_name, { text }) => {
    const config = ['-f', 'compose.yaml', 'config', '--quiet'];
    const said = await withFile(text, async (directory) => {
      return await runCompose(tool, directory, config);
    });
    expect(said).toBe('');
  });

  it('are read with every $ as it is', async () => {
    const config = ['-f', 'compose.yaml', 'config'];
    const text = await withFile(odd.text, async (directory) => {
      return await runCompose(tool, directory, config);
    });
    // `config` prints a file again, in which a $ is doubled.
    const { services } = parse(text) as ComposeDocument;
    const { environment } = odd.document.services['broker-1']!;
    const name = 'KAFKA_ADVERTISED_LISTENERS';
    const listeners = services['broker-1']!.environment[name];
    expect(listeners?.replaceAll('$$', '$')).toBe(environment[name]);
  });

  const patient = single.text.replaceAll('stop_grace_period: 60s', 'stop_grace_period: 3723s');
  const hashed = [
    ...documents,
    ['odd', odd],
    ['patient', { text: patient, document: read(patient) }],
  ] as const;

  it.runIf(tool.readsLabels).each(hashed)(
    '%s has the config hash that Compose says',
    async (_name, { text, document }) => {
      const config = ['-f', 'compose.yaml', 'config', '--hash', '*'];
      const said = await withFile(text, async (directory) => {
        return await runCompose(tool, directory, config);
      });
      const hashes = Object.entries(document.services).map(
        ([service, definition]) => `${service} ${composeConfigHash(definition)}`,
      );
      expect(said.split('\n').sort()).toEqual(hashes.sort());
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
});
