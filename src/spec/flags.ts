import type { Layer } from './layer.js';
import { isTree, mergeTrees, treeOf, valueAt, type SpecPath, type SpecTree } from './path.js';

/** Flags that say what the cluster is to be; one that is not given leaves its value to weaker layers. */
export interface ShapeOptions {
  brokers?: unknown;
  zookeepers?: unknown;
  observers?: unknown;
  evenEnsemble?: unknown;
  kafka?: unknown;
  images?: unknown;
  ports?: unknown;
  profile?: unknown;
  kafkaPort?: unknown;
  zookeeperPort?: unknown;
  set?: unknown;
  advertise?: unknown;
  bind?: unknown;
  dockerHost?: unknown;
  network?: unknown;
}

/** What each flag sets, by commander's name of it. */
const flagPaths: Record<keyof ShapeOptions | 'name', SpecPath> = {
  name: ['name'],
  brokers: ['kafka', 'brokers'],
  zookeepers: ['zookeeper', 'servers'],
  observers: ['zookeeper', 'observers'],
  evenEnsemble: ['zookeeper', 'evenEnsemble'],
  kafka: ['kafka', 'version'],
  images: ['images'],
  ports: ['ports'],
  profile: ['profile'],
  kafkaPort: ['kafka', 'port'],
  zookeeperPort: ['zookeeper', 'port'],
  set: ['kafka', 'settings'],
  advertise: ['listeners', 'advertise'],
  bind: ['listeners', 'bind'],
  dockerHost: ['listeners', 'dockerHost'],
  network: ['listeners', 'networks'],
};

/** The layer of what was given on the command line. */
export function flagLayer(options: ShapeOptions & { name?: unknown }): Layer {
  const given = Object.entries(flagPaths).flatMap(([flag, path]) => {
    const value = options[flag as keyof typeof options];
    return value === undefined ? [] : [treeOf(path, value)];
  });
  // A first port that is named is a wish for fixed ports, also for a cluster whose ports were chosen.
  const counted = (options.kafkaPort ?? options.zookeeperPort) !== undefined;
  const tree = given.reduce<SpecTree>(
    (all, one) => mergeTrees(one, all),
    counted ? { ports: 'fixed' } : {},
  );
  return { kind: 'flag', tree, place: (path) => ({ label: flagOf(path) ?? 'flags' }) };
}

/** The flags that say the same as a tree, each with a blank before it. */
export function flagsText(tree: SpecTree): string {
  return Object.entries(flagPaths)
    .flatMap(([flag, path]) => {
      const value = valueAt(tree, path);
      return value === undefined ? [] : [` ${wordsOf(dashed(flag), value)}`];
    })
    .join('');
}

function wordsOf(flag: string, value: unknown): string {
  if (value === true) return flag;
  if (Array.isArray(value)) return value.map((each) => `${flag} ${String(each)}`).join(' ');
  if (isTree(value))
    return Object.entries(value)
      .map(([key, inner]) => `${flag} ${key}=${String(inner)}`)
      .join(' ');
  return `${flag} ${String(value)}`;
}

/** `--kafka-port` of `['kafka', 'port']`, `--set NAME` of a setting; undefined for what no flag sets. */
export function flagOf(path: SpecPath): string | undefined {
  const isPrefix = (prefix: SpecPath): boolean => prefix.every((key, index) => path[index] === key);
  const entry = Object.entries(flagPaths).find(([, prefix]) => isPrefix(prefix));
  if (!entry) return undefined;
  const [flag, { length }] = entry;
  return [dashed(flag), ...(flag === 'set' ? path.slice(length) : [])].join(' ');
}

function dashed(flag: string): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
