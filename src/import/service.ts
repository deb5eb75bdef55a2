import { environmentIn, type Surroundings } from './environment.js';
import type { CommandLine, Dependency, Fault, Said, Service } from './model.js';
import { mountsIn } from './mounts.js';
import { portsIn } from './ports.js';
import { shellWords } from './shell-words.js';
import {
  childOf,
  entriesOf,
  mapIn,
  numberIn,
  pairsIn,
  repeatedIn,
  textIn,
  textsIn,
  variableFaults,
  type Form,
} from './tree-reading.js';
import type { Place, Tree, TreeMap } from './yaml-tree.js';

/** Reads one service. What can't be read is among its faults. */
export function readService(name: string, at: Place, tree: TreeMap, around: Surroundings): Service {
  const faults: Fault[] = variableFaults(tree);
  const form: Form = { faults };
  repeatedIn(form, tree);
  const text = (key: string): Said<string> | undefined => textIn(form, childOf(tree, key), key);
  const texts = (key: string): Said<string>[] => textsIn(form, childOf(tree, key), key, 'single');
  const networkMode = text('network_mode');
  return {
    name,
    at,
    ...said('image', text('image')),
    ...said('build', tree.entries.get('build')?.at),
    environment: environmentIn(form, tree, around),
    ports: portsIn(form, childOf(tree, 'ports')),
    mounts: mountsIn(form, childOf(tree, 'volumes'), childOf(tree, 'tmpfs')),
    ...said('entrypoint', commandIn(form, childOf(tree, 'entrypoint'), 'entrypoint')),
    ...said('command', commandIn(form, childOf(tree, 'command'), 'command')),
    ...said('healthcheck', healthcheckIn(form, childOf(tree, 'healthcheck'))),
    dependsOn: dependenciesIn(form, childOf(tree, 'depends_on')),
    links: texts('links'),
    networks: networkMode ? new Map() : networksIn(form, childOf(tree, 'networks')),
    ...said('networkMode', networkMode),
    ...said('replicas', replicasIn(form, tree)),
    ...said('containerName', text('container_name')),
    ...said('hostname', text('hostname')),
    ...said('restart', text('restart')),
    ...said('stopGracePeriod', secondsOf(text('stop_grace_period'))),
    profiles: texts('profiles'),
    extraHosts: pairsIn(form, childOf(tree, 'extra_hosts'), 'extra_hosts').map(
      ({ key }) => key.split(':')[0]!,
    ),
    keys: new Map(entriesOf(tree).map((entry) => [entry.key, entry.at])),
    faults,
  };
}

function said<K extends string, T>(key: K, value: T | undefined): Partial<Record<K, T>> {
  return value === undefined ? {} : ({ [key]: value } as Record<K, T>);
}

function commandIn(form: Form, tree: Tree | undefined, what: string): CommandLine | undefined {
  if (tree?.kind === 'list') {
    const words = textsIn(form, tree, what).map(({ value }) => value);
    return { words, text: words.join(' '), at: tree.at };
  }
  const line = textIn(form, tree, what);
  return line && { words: shellWords(line.value), text: line.value, at: line.at };
}

/** The command of a health check; none where it is switched off. */
function healthcheckIn(form: Form, tree: Tree | undefined): Said<string> | undefined {
  const check = mapIn(form, tree, 'healthcheck');
  if (!check || textIn(form, childOf(check, 'disable'), 'disable')?.value === 'true')
    return undefined;
  const test = commandIn(form, childOf(check, 'test'), 'test');
  if (!test || test.words[0] === 'NONE') return undefined;
  return { value: test.text.replace(/^CMD(-SHELL)? /, ''), at: test.at };
}

function dependenciesIn(form: Form, tree: Tree | undefined): Map<string, Dependency> {
  if (tree?.kind !== 'map') {
    const names = textsIn(form, tree, 'depends_on');
    return new Map(
      names.map(({ value, at }) => [value, { condition: 'service_started', at }] as const),
    );
  }
  return new Map(
    entriesOf(tree).map(({ key, at, value }) => {
      const map = mapIn(form, value, `depends_on.${key}`);
      const condition = textIn(form, childOf(map, 'condition'), 'condition')?.value;
      return [key, { condition: condition ?? 'service_started', at }] as const;
    }),
  );
}

function networksIn(form: Form, tree: Tree | undefined): Map<string, string[]> {
  if (tree?.kind === 'map') {
    return new Map(
      entriesOf(tree).map(({ key, value }) => {
        const map = mapIn(form, value, `networks.${key}`);
        const aliases = textsIn(form, childOf(map, 'aliases'), 'aliases');
        return [key, aliases.map((alias) => alias.value)] as const;
      }),
    );
  }
  const names = textsIn(form, tree, 'networks').map(({ value }) => value);
  return new Map((names.length > 0 ? names : ['default']).map((name) => [name, []] as const));
}

function replicasIn(form: Form, tree: TreeMap): Said<number> | undefined {
  const deploy = mapIn(form, childOf(tree, 'deploy'), 'deploy');
  return (
    numberIn(form, childOf(deploy, 'replicas'), 'deploy.replicas') ??
    numberIn(form, childOf(tree, 'scale'), 'scale')
  );
}

const unitSeconds: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6 };

/** `1m30s`, `90s`, or seconds as a number. */
function secondsOf(duration: Said<string> | undefined): Said<number> | undefined {
  if (duration === undefined) return undefined;
  const { value, at } = duration;
  if (/^\d+$/.test(value)) return { value: Number(value), at };
  const parts = [...value.matchAll(/(\d+(?:\.\d+)?)(h|ms|us|m|s)/g)];
  const seconds = parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!,
    0,
  );
  return parts.length === 0 ? undefined : { value: seconds, at };
}
