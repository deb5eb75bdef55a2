import { KclusterError } from '../errors.js';
import { clusterSpecSchema, type ClusterSpec, type SpecInput } from './schema.js';

/** One thing that is wrong with a specification: the key, and what is expected there. */
interface Problem {
  key: string;
  message: string;
}

/** Layers of input, the strongest first; a key that is undefined in one is taken from the next. */
export type SpecLayers = readonly Partial<Record<keyof SpecInput, unknown>>[];

/**
 * Resolves layers into a complete specification.
 * @throws KclusterError `invalidSpec` with every problem at once, each named by its flag.
 */
export function resolveSpec(layers: SpecLayers): ClusterSpec {
  const input: Record<string, unknown> = {};
  for (const layer of layers.toReversed()) {
    for (const [key, value] of Object.entries(layer)) if (value !== undefined) input[key] = value;
  }
  const spec = assertValues(input);
  const problems = rules.flatMap((rule) => rule(spec));
  if (problems.length > 0) throw invalid(problems);
  return spec;
}

/**
 * Checks each value by itself, before it is known what the cluster is otherwise; fills in defaults.
 * @throws KclusterError `invalidSpec` with every problem at once, each named by its flag.
 */
export function assertValues(input: Record<string, unknown>): ClusterSpec {
  const result = clusterSpecSchema.safeParse(input);
  if (result.success) return result.data;
  throw invalid(
    result.error.issues.map((issue) => ({
      key: String(issue.path[0] ?? issue.code),
      message: `${issue.message}, not ${JSON.stringify(input[String(issue.path[0])])}`,
    })),
  );
}

function invalid(problems: readonly Problem[]): KclusterError {
  return new KclusterError('invalidSpec', 'the cluster is not one that can be made', {
    details: problems.map(({ key, message }) => `${flagOf(key)}: ${message}`),
    hints: ['See `kcluster up --help` for what each flag takes.'],
  });
}

/** What the schema alone cannot say. */
const rules: ((spec: ClusterSpec) => Problem[])[] = [
  function oddEnsemble({ zookeepers, evenEnsemble }) {
    if (zookeepers % 2 === 1 || evenEnsemble) return [];
    const message =
      `an ensemble of ${zookeepers} survives no more failures than one of ${zookeepers - 1}; ` +
      `take ${zookeepers - 1} or ${zookeepers + 1}, or say --even-ensemble`;
    return [{ key: 'zookeepers', message }];
  },
  function portsInRange({ ports, kafkaPort, brokers, zookeeperPort, zookeepers }) {
    if (ports === 'auto') return [];
    return [
      ...beyondLastPort('kafkaPort', kafkaPort, brokers),
      ...beyondLastPort('zookeeperPort', zookeeperPort, zookeepers),
    ];
  },
  function portsApart({ ports, kafkaPort, brokers, zookeeperPort, zookeepers }) {
    const overlap = kafkaPort < zookeeperPort + zookeepers && zookeeperPort < kafkaPort + brokers;
    if (ports === 'auto' || !overlap) return [];
    return [
      {
        key: 'kafkaPort',
        message: `brokers take ${range(kafkaPort, brokers)} and ZooKeepers ${range(zookeeperPort, zookeepers)}, which overlap`,
      },
    ];
  },
];

function beyondLastPort(key: string, first: number, count: number): Problem[] {
  if (first + count - 1 <= 65535) return [];
  return [{ key, message: `${count} ports from ${first} on go beyond 65535` }];
}

function range(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}

/** `kafkaPort` -> `--kafka-port`. */
function flagOf(key: string): string {
  return `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
