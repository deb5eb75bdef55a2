import { expect, it } from 'vitest';
import { shortestSession } from '../../src/compose/session-timeout.js';
import { simpleLayer } from '../../src/spec/layer.js';
import type { SpecTree } from '../../src/spec/path.js';
import { resolveSpec } from '../../src/spec/resolve.js';

const setting = 'zookeeper.session.timeout.ms';
const kafka = (ms: number): SpecTree => ({ kafka: { settings: { [setting]: ms } } });
const zookeeper = (settings: Record<string, number>): SpecTree => ({ zookeeper: { settings } });

it.each<[string, SpecTree, number]>([
  ['the template says it', {}, 6000],
  ["Kafka's own default, where the template leaves it", { profile: 'production-like' }, 18_000],
  ['a setting of all brokers', kafka(18_000), 18_000],
  [
    'the shortest of all brokers',
    { kafka: { brokers: 2, perBroker: { 2: { settings: { [setting]: 5000 } } } } },
    5000,
  ],
  ['no less than two ticks', kafka(1000), 4000],
  ['no more than twenty', { ...kafka(18_000), ...zookeeper({ tickTime: 500 }) }, 10_000],
  [
    'what ZooKeeper is told of it',
    { ...kafka(1000), ...zookeeper({ minSessionTimeout: 500 }) },
    1000,
  ],
  ['the most that it is told', zookeeper({ maxSessionTimeout: 4500 }), 4500],
])('how long a session lives: %s', (_what, tree, ms) => {
  expect(shortestSession(resolveSpec([simpleLayer('file', tree, 'a test')]).spec)).toBe(ms);
});
