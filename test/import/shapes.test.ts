import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { renderDocument } from '../../src/compose/render.js';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { importFile } from '../../src/import/import.js';
import { checkText } from '../../src/report/import-text.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';
import { composeFile, plain } from './compose.js';

const directory = new URL('files/shapes/', import.meta.url);
const shapes = readdirSync(directory).map((name) => name.replace('.yml', ''));

describe('a compose file of the shape', () => {
  it.each(shapes)(
    '%s comes out as the golden kcluster.yaml, with the golden findings',
    async (shape) => {
      const text = readFileSync(new URL(`${shape}.yml`, directory), 'utf8');
      const imported = importFile(composeFile(text));
      await expect(imported.text).toMatchFileSnapshot(`../goldens/import/${shape}.yaml`);
      await expect(`${checkText(imported, plain)}\n`).toMatchFileSnapshot(
        `../goldens/import/${shape}.txt`,
      );
    },
  );

  it.each(shapes)('%s is a cluster that can be made', (shape) => {
    const text = readFileSync(new URL(`${shape}.yml`, directory), 'utf8');
    const imported = importFile(composeFile(text));
    const resolved = resolveSpec([fileLayer('kcluster.yaml', imported.text, {})]);
    const { spec } = resolved;
    const topology = layOut(spec, 'bridge', fixedPorts(portSlots(spec, 'bridge')));
    const setups = clusterSetups(resolved, topology, clusterImages(resolved));
    expect(setupProblems(setups)).toEqual([]);
    const { document } = renderDocument(setups);
    expect(Object.keys(document.services)).toHaveLength(
      spec.kafka.brokers + spec.zookeeper.servers + spec.zookeeper.observers,
    );
  });
});
