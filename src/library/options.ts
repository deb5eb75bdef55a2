import { engineNames } from '../cluster/engine.js';
import { KclusterError } from '../errors.js';
import type { EngineWish } from '../operations/context.js';
import type { Layer } from '../spec/layer.js';
import { mergeTrees, treeOf, valueAt, type SpecPath, type SpecTree } from '../spec/path.js';
import type { ClusterOptions } from './types.js';

const shorthands: Readonly<Record<string, SpecPath>> = {
  brokers: ['kafka', 'brokers'],
  zookeepers: ['zookeeper', 'servers'],
};

/** What is asked for beside the specification. */
type Ways = Pick<
  ClusterOptions,
  'file' | 'engine' | 'name' | 'timeout' | 'signal' | 'onEvent' | 'smoke' | 'env'
>;

/** Options as what the cluster is to be, and how it is made. Pure. */
export function partsOf(options: ClusterOptions): { said: Layer; ways: Ways } {
  const { file, engine, name, timeout, signal, onEvent, smoke, env, ...spec } = options;
  return {
    said: saidLayer({ ...spec }),
    ways: { file, engine, name, timeout, signal, onEvent, smoke, env },
  };
}

/** Any other key than those of the specification is found out with the rest of what is wrong. */
function saidLayer(options: SpecTree): Layer {
  const given = Object.entries(shorthands).filter(([key]) => options[key] !== undefined);
  const spec = Object.fromEntries(Object.entries(options).filter(([key]) => !(key in shorthands)));
  const twice = given.filter(([, path]) => valueAt(spec, path) !== undefined);
  const place = { label: 'options' };
  return {
    kind: 'program',
    tree: given.reduce<SpecTree>(
      (tree, [key, path]) => mergeTrees(treeOf(path, options[key]), tree),
      spec,
    ),
    place: () => place,
    problems: twice.map(([key, path]) => ({ path, message: `"${key}" says it too`, place })),
  };
}

/**
 * The engine that is asked for: by the options, else by $KCLUSTER_ENGINE.
 * @throws KclusterError `usage` for one that there is not
 */
export function engineWish({ engine, env = process.env }: ClusterOptions): EngineWish {
  const wish: string = engine ?? (env['KCLUSTER_ENGINE'] || 'auto');
  const known = ['auto', ...engineNames].find((each) => each === wish);
  if (known !== undefined) return known as EngineWish;
  throw new KclusterError('usage', `there is no engine "${wish}"`, {
    hints: [`Engines are ${engineNames.join(' and ')}; \`auto\` takes one that is there.`],
  });
}

/** Seconds. @throws KclusterError `usage` for what is no time */
export function timeoutOf({ timeout = 120_000 }: ClusterOptions): number {
  if (timeout > 0 && Number.isFinite(timeout)) return timeout / 1000;
  throw new KclusterError('usage', `timeout: ${timeout} is no time in milliseconds`, {
    hints: ['Give a positive number, such as `timeout: 300_000`.'],
  });
}
