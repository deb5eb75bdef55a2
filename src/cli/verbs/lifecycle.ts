import { flagsOnly, one, type Verb } from '../verb.js';

/** Verbs that make, change and remove clusters. */
export const lifecycle: readonly Verb[] = [
  {
    signature: 'up',
    summary: 'Start a cluster and wait until it works',
    flags: ['cluster', 'file', 'shape', 'up', 'junit', 'lease', 'plan', 'wait', 'output'],
    readsSpec: true,
    examples: [
      'kcluster up --smoke',
      'kcluster up --smoke --junit smoke.xml',
      'kcluster up --name ci --ports auto --output json',
      'kcluster up --brokers 3 --zookeepers 3 --timeout 180',
      'kcluster up --name ci --ports auto --owner $$ --detach-after 2h',
    ],
    load: async () => flagsOnly((await import('../../commands/up.js')).up),
  },
  {
    signature: 'down',
    summary: 'Stop and remove a cluster; its data stays unless --volumes',
    flags: ['cluster', 'file', 'down', 'output'],
    examples: ['kcluster down', 'kcluster down --volumes --name ci'],
    load: async () => flagsOnly((await import('../../commands/down.js')).down),
  },
  {
    signature: 'run [command...]',
    summary: 'Run a command on a cluster of its own, which is gone afterwards whatever happens',
    flags: ['cluster', 'file', 'shape', 'run', 'wait', 'output'],
    readsSpec: true,
    passesThrough: true,
    examples: [
      'kcluster run -- npm test',
      'kcluster run --brokers 3 --kafka 3.5 -- ./gradlew integrationTest',
      'kcluster run --keep-on-failure -- pytest -x',
      'kcluster run --bundle artifacts -- npm test',
      'kcluster run --matrix kafka=2.8,3.9 --matrix brokers=1,3 --jobs 2 -- npm test',
    ],
    load: async () => (await import('../../commands/run.js')).run,
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
    load: async () => flagsOnly((await import('../../commands/scale.js')).scale),
  },
  {
    signature: 'upgrade',
    summary: 'Change to a newer Kafka while the cluster goes on serving',
    flags: ['cluster', 'file', 'upgrade', 'plan', 'waits', 'output'],
    readsSpec: true,
    examples: ['kcluster upgrade --kafka 3.9', 'kcluster upgrade --kafka 3.9 --dry-run'],
    load: async () => flagsOnly((await import('../../commands/upgrade.js')).upgrade),
  },
  {
    signature: 'stop',
    summary: 'Stop every node, brokers before ZooKeeper',
    flags: one,
    examples: ['kcluster stop', 'kcluster stop --name ci'],
    load: async () => flagsOnly((await import('../../commands/stop-start.js')).stop),
  },
  {
    signature: 'start',
    summary: 'Start a stopped cluster and wait until it works',
    flags: ['cluster', 'file', 'wait', 'output'],
    examples: ['kcluster start', 'kcluster start --name ci --timeout 60'],
    load: async () => flagsOnly((await import('../../commands/stop-start.js')).start),
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
    load: async () => (await import('../../commands/restart.js')).restart,
  },
  {
    signature: 'prune',
    summary: 'Remove the clusters whose owner has ended or whose time is over, and nothing else',
    flags: ['prune', 'output'],
    examples: ['kcluster prune', 'kcluster prune --dry-run --output json'],
    load: async () => flagsOnly((await import('../../commands/prune.js')).prune),
  },
];
