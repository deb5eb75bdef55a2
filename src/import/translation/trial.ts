import { clusterSetups, setupProblems } from '../../compose/setups.js';
import { clusterImages } from '../../images/choice.js';
import { checkValues } from '../../spec/check.js';
import { simpleLayer } from '../../spec/layer.js';
import type { SpecTree } from '../../spec/path.js';
import type { Problem } from '../../spec/problem.js';
import { resolveSpec } from '../../spec/resolve.js';
import { rules } from '../../spec/rules.js';
import { layOut } from '../../topology/layout.js';
import { fixedPorts, portSlots } from '../../topology/ports.js';

/** What a specification comes to. */
export interface Trial {
  /** Why it can't be made; then the rest is empty. */
  problems: readonly Problem[];
  /** The images can't be told it: others might. */
  isUnsayable: boolean;
  /** Undefined when there are problems. */
  images?: { kafka: string; zookeeper: string };
  /** The properties of each broker. */
  brokers: readonly ReadonlyMap<string, string>[];
  /** The settings of each ZooKeeper. */
  servers: readonly ReadonlyMap<string, string>[];
}

/** Makes a cluster on paper. */
export function tryOut(tree: SpecTree): Trial {
  const failed = (problems: readonly Problem[], isUnsayable: boolean): Trial => ({
    problems,
    isUnsayable,
    brokers: [],
    servers: [],
  });
  const { spec, problems } = checkValues(tree);
  if (!spec) return failed(problems, false);
  const across = rules.flatMap((rule) => rule(spec));
  if (across.length > 0) return failed(across, false);
  const resolved = resolveSpec([simpleLayer('file', tree, 'kcluster.yaml')]);
  const images = clusterImages(resolved);
  const topology = layOut(spec, 'bridge', fixedPorts(portSlots(spec, 'bridge')));
  const setups = clusterSetups(resolved, topology, images);
  const unsayable = setupProblems(setups);
  if (unsayable.length > 0) return failed(unsayable, true);
  return {
    ...failed([], false),
    images: { kafka: images.kafka.image, zookeeper: images.zookeeper.image },
    brokers: setups.brokers.map(({ setup }) => setup.properties),
    servers: setups.zookeepers.map(({ setup }) => setup.settings),
  };
}
