import { expect, it } from 'vitest';
import { clusterSetups, setupProblems } from '../../src/compose/setups.js';
import { clusterImages } from '../../src/images/choice.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { invalidSpec } from '../../src/spec/problem.js';
import { fileLayer } from '../../src/spec/yaml-file.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';

/** What the images can't be told of a file: where, and which setting. */
function unsayable(text: string): string[] {
  const resolved = resolveSpec([fileLayer('kcluster.yaml', text, {})]);
  const topology = layOut(resolved.spec, 'bridge', fixedPorts(portSlots(resolved.spec, 'bridge')));
  const setups = clusterSetups(resolved, topology, clusterImages(resolved));
  const { details } = invalidSpec(setupProblems(setups), resolved.layers);
  return details
    .filter((line) => line.startsWith('kcluster.yaml'))
    .map((line) => line.replace(/ can't be told (\S+?):.*/, ' $1'));
}

const broker = 'confluentinc/cp-kafka:7.9.10';

it('what an image can not be told is a problem of the setting that says it, told once', () => {
  expect(unsayable('kafka: {brokers: 3, settings: {version: 1}}')).toEqual([
    `kcluster.yaml:1:32: kafka.settings.version: ${broker} version`,
  ]);
});

it('of one broker, it is a problem of the setting of this broker', () => {
  const text = [
    'kafka:',
    '  brokers: 3',
    '  settings: {version: 1}',
    '  perBroker:',
    '    2: {settings: {opts: 1, version: 2}}',
  ];
  expect(unsayable(text.join('\n'))).toEqual([
    `kcluster.yaml:3:14: kafka.settings.version: ${broker} version`,
    `kcluster.yaml:5:20: kafka.perBroker[2].settings.opts: ${broker} opts`,
    `kcluster.yaml:5:29: kafka.perBroker[2].settings.version: ${broker} version`,
  ]);
});

it('a rack that the image can not be told is one of the list, or of the broker', () => {
  const text = [
    'kafka:',
    '  image: quay.io/debezium/kafka:3.1.3.Final',
    '  brokers: 2',
    '  racks: ["a&b", c]',
    '  perBroker: {2: {rack: "c&d"}}',
  ];
  expect(unsayable(text.join('\n'))).toEqual([
    'kcluster.yaml:4:3: kafka.racks: quay.io/debezium/kafka:3.1.3.Final broker.rack',
    'kcluster.yaml:5:25: kafka.perBroker[2].rack: quay.io/debezium/kafka:3.1.3.Final broker.rack',
  ]);
});

it('what no setting says, and the cluster needs, is a problem of the image', () => {
  const text =
    'zookeeper: {servers: 3, image: quay.io/debezium/zookeeper:3.1.3.Final, observers: 1}';
  expect(unsayable(text)).toEqual([
    'kcluster.yaml:1:32: zookeeper.image: quay.io/debezium/zookeeper:3.1.3.Final server.4',
  ]);
});
