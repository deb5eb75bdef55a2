import type { CommandContext } from '../commands/context.js';
import { exampleNames } from '../commands/example-names.js';
import { shells, type Shell } from '../commands/shells.js';
import { clientNames } from '../connect/names.js';
import type { Outcome } from '../report/outcome.js';
import type { FlagGroup } from './flags.js';

type Handler = (
  context: CommandContext,
  operands: readonly string[],
  options: Record<string, unknown>,
) => Promise<Outcome>;

/** A handler without operands; its flag groups promise that the options are of its type. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- it is inferred from the handler
function flagsOnly<Options>(
  run: (context: CommandContext, options: Options) => Promise<Outcome>,
): Handler {
  return (context, _operands, options) => run(context, options as Options);
}

/** One verb of the command line. */
export interface Verb {
  /** Name and operands as commander writes them. */
  signature: string;
  /** The group of a two-word verb. */
  under?: string;
  summary: string;
  /** What the operand is, where it is one of a few. */
  operand?: { description: string; choices: readonly string[] };
  flags: readonly FlagGroup[];
  /** It makes the cluster what the file says; other verbs learn no more from the file than the cluster's name. */
  readsSpec?: true;
  examples: readonly string[];
  /** Loads the handler; only the verb that runs is loaded. */
  load(): Promise<Handler>;
}

const one: readonly FlagGroup[] = ['cluster', 'file', 'output'];

/** Every verb, in the order of the help. */
export const verbs: readonly Verb[] = [
  {
    signature: 'up',
    summary: 'Start a cluster and wait until it works',
    flags: ['cluster', 'file', 'shape', 'up', 'plan', 'wait', 'output'],
    readsSpec: true,
    examples: [
      'kcluster up --smoke',
      'kcluster up --name ci --ports auto --output json',
      'kcluster up --brokers 3 --zookeepers 3 --timeout 180',
    ],
    load: async () => flagsOnly((await import('../commands/up.js')).up),
  },
  {
    signature: 'down',
    summary: 'Stop and remove a cluster; its data stays unless --volumes',
    flags: ['cluster', 'file', 'down', 'output'],
    examples: ['kcluster down', 'kcluster down --volumes --name ci'],
    load: async () => flagsOnly((await import('../commands/down.js')).down),
  },
  {
    signature: 'scale',
    summary: 'Change the number of brokers while the cluster goes on serving',
    flags: ['cluster', 'file', 'scale', 'plan', 'waits', 'output'],
    readsSpec: true,
    examples: [
      'kcluster scale --brokers 3',
      'kcluster scale --brokers 1 --dry-run',
      'kcluster scale --brokers 5 --name orders --timeout 300',
    ],
    load: async () => flagsOnly((await import('../commands/scale.js')).scale),
  },
  {
    signature: 'upgrade',
    summary: 'Change to a newer Kafka while the cluster goes on serving',
    flags: ['cluster', 'file', 'upgrade', 'plan', 'waits', 'output'],
    readsSpec: true,
    examples: ['kcluster upgrade --kafka 3.9', 'kcluster upgrade --kafka 3.9 --dry-run'],
    load: async () => flagsOnly((await import('../commands/upgrade.js')).upgrade),
  },
  {
    signature: 'status',
    summary: 'Show what is there and whether it works; exit 1 when it does not',
    flags: one,
    examples: ['kcluster status', 'kcluster status --output json | jq .healthy'],
    load: async () => flagsOnly((await import('../commands/status.js')).status),
  },
  {
    signature: 'connect [client]',
    summary: 'Print settings of a client to paste; of every client when none is named',
    operand: { description: 'what connects', choices: clientNames },
    flags: ['cluster', 'file', 'connect', 'output'],
    examples: [
      'kcluster connect kafkajs',
      'kcluster connect env --from network > .env',
      'kcluster connect --output json | jq -r ".places[0].bootstrapServers"',
    ],
    load: async () => (await import('../commands/connect.js')).connect,
  },
  {
    signature: 'smoke',
    summary: 'Prove that a cluster works: "hello, world" through every listener',
    flags: one,
    examples: ['kcluster smoke', 'kcluster smoke --name ci --output json'],
    load: async () => flagsOnly((await import('../commands/smoke.js')).smoke),
  },
  {
    signature: 'list',
    summary: 'List every cluster on this machine',
    flags: ['output'],
    examples: ['kcluster list', 'kcluster list --output json'],
    load: async () => (await import('../commands/list.js')).list,
  },
  {
    signature: 'logs [nodes...]',
    summary: 'Print what nodes write',
    flags: ['cluster', 'logs', 'output'],
    examples: ['kcluster logs --tail 20', 'kcluster logs broker-1 --follow'],
    load: async () => (await import('../commands/logs.js')).logs,
  },
  {
    signature: 'bundle',
    summary: 'Write all that tells why a cluster fails into one tar.gz',
    flags: ['cluster', 'file', 'bundle', 'output'],
    examples: ['kcluster bundle', 'kcluster bundle --name ci --directory artifacts'],
    load: async () => flagsOnly((await import('../commands/bundle.js')).bundle),
  },
  {
    signature: 'stop',
    summary: 'Stop every node, brokers before ZooKeeper',
    flags: one,
    examples: ['kcluster stop', 'kcluster stop --name ci'],
    load: async () => flagsOnly((await import('../commands/stop-start.js')).stop),
  },
  {
    signature: 'start',
    summary: 'Start a stopped cluster and wait until it works',
    flags: ['cluster', 'file', 'wait', 'output'],
    examples: ['kcluster start', 'kcluster start --name ci --timeout 60'],
    load: async () => flagsOnly((await import('../commands/stop-start.js')).start),
  },
  {
    signature: 'restart [nodes...]',
    summary: 'Stop nodes, all or some, and start them again',
    flags: ['cluster', 'file', 'rolling', 'wait', 'output'],
    examples: [
      'kcluster restart',
      'kcluster restart broker-2',
      'kcluster restart --rolling --name orders',
    ],
    load: async () => (await import('../commands/restart.js')).restart,
  },
  {
    signature: 'init [example]',
    summary: 'Write a kcluster.yaml to begin with',
    operand: { description: 'what it describes (default: single)', choices: exampleNames },
    flags: ['init', 'output'],
    examples: [
      'kcluster init',
      'kcluster init ensemble',
      'kcluster init three-brokers --file - > cluster.yaml',
    ],
    load: async () => (await import('../commands/init.js')).init,
  },
  {
    signature: 'config',
    summary: 'Print what flags, the file and defaults come to, and where each value comes from',
    flags: ['cluster', 'file', 'shape', 'config', 'output'],
    readsSpec: true,
    examples: [
      'kcluster config',
      'kcluster config --file cluster.yaml --brokers 3',
      'kcluster config --schema > kcluster.schema.json',
    ],
    load: async () => flagsOnly((await import('../commands/config.js')).config),
  },
  {
    signature: 'render',
    summary: 'Print the compose file of a cluster; start nothing',
    flags: ['cluster', 'file', 'shape', 'output'],
    readsSpec: true,
    examples: [
      'kcluster render > compose.yaml',
      'kcluster render --engine process --brokers 3 --zookeepers 3',
    ],
    load: async () => flagsOnly((await import('../commands/render.js')).render),
  },
  {
    signature: 'import [compose-file]',
    summary: 'Turn a compose file into a kcluster.yaml, and say what is wrong with it',
    flags: ['import', 'output'],
    examples: [
      'kcluster import && kcluster up',
      'kcluster import --check docker-compose.yml',
      'kcluster import - --to - < docker-compose.yml',
    ],
    load: async () => (await import('../commands/import.js')).importCompose,
  },
  {
    signature: 'images',
    summary: 'Show which images of brokers and ZooKeepers are known to work together',
    flags: ['images', 'output'],
    examples: ['kcluster images', 'kcluster images --kafka 3.5', 'kcluster images --family apache'],
    load: async () => flagsOnly((await import('../commands/images.js')).images),
  },
  {
    signature: 'build',
    under: 'images',
    summary: 'Build kcluster/zookeeper and kcluster/kafka on a base image with a Java runtime',
    flags: ['build', 'output'],
    examples: [
      'kcluster images build',
      'kcluster images build --kafka 2.8,3.5',
      'kcluster images build --base my-registry.example/java:21 && kcluster up --images local',
    ],
    load: async () => flagsOnly((await import('../commands/images-build.js')).imagesBuild),
  },
  {
    signature: 'doctor',
    summary: 'Check what this machine can run, and say how to mend what it can not',
    flags: ['output'],
    examples: ['kcluster doctor', 'kcluster doctor --output json'],
    load: async () => (await import('../commands/doctor.js')).doctor,
  },
  {
    signature: 'check <host:port>',
    summary: "Say where a client's connection to a Kafka breaks; exit 1 when it does",
    flags: ['check', 'output'],
    examples: [
      'kcluster check localhost:9092',
      'kcluster check broker.example.com:9092 --timeout 2 --output json',
    ],
    load: async () => (await import('../commands/check.js')).check,
  },
  {
    signature: 'completion <shell>',
    summary: 'Print the completion script for bash, zsh or fish',
    operand: { description: 'what completes', choices: shells },
    flags: [],
    examples: [
      'source <(kcluster completion bash)',
      'kcluster completion zsh > ~/.zfunc/_kcluster',
      'kcluster completion fish > ~/.config/fish/completions/kcluster.fish',
    ],
    load: async () => {
      const { completion } = await import('../commands/completion.js');
      return (_context, operands) => completion(operands[0] as Shell);
    },
  },
];
