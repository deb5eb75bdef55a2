import { clientNames, environmentFormats } from '../../connect/names.js';
import { flagsOnly, one, type Verb } from '../verb.js';

/** Verbs that look at a cluster and leave it as it is. */
export const observing: readonly Verb[] = [
  {
    signature: 'status',
    summary: 'Show what is there and whether it works; exit 1 when it does not',
    flags: one,
    examples: ['kcluster status', 'kcluster status --output json | jq .healthy'],
    load: async () => flagsOnly((await import('../../commands/status.js')).status),
  },
  {
    signature: 'wait',
    summary: 'Wait until a cluster works that another command or Compose starts',
    flags: ['cluster', 'file', 'wait', 'output'],
    examples: ['kcluster wait', 'docker compose -p ci up -d && kcluster wait --name ci'],
    load: async () => flagsOnly((await import('../../commands/wait.js')).wait),
  },
  {
    signature: 'connect [client]',
    summary: 'Print settings of a client to paste; of every client when none is named',
    operand: { description: 'what connects', choices: clientNames },
    flags: ['cluster', 'file', 'from', 'output'],
    examples: [
      'kcluster connect kafkajs',
      'kcluster connect env --from network > .env',
      'kcluster connect --output json | jq -r ".places[0].bootstrapServers"',
    ],
    load: async () => (await import('../../commands/connect.js')).connect,
  },
  {
    signature: 'env [format]',
    summary: 'Print the variables by which programs, frameworks and test suites find a cluster',
    operand: { description: 'what reads them (default: sh)', choices: environmentFormats },
    flags: ['cluster', 'file', 'from', 'output'],
    examples: [
      'eval "$(kcluster env)"',
      'kcluster env fish | source',
      'kcluster env github --name ci >> "$GITHUB_ENV"',
    ],
    load: async () => (await import('../../commands/env.js')).env,
  },
  {
    signature: 'smoke',
    summary: 'Prove that a cluster works: "hello, world" through every listener',
    flags: ['cluster', 'file', 'junit', 'output'],
    examples: [
      'kcluster smoke',
      'kcluster smoke --name ci --output json',
      'kcluster smoke --junit smoke.xml',
    ],
    load: async () => flagsOnly((await import('../../commands/smoke.js')).smoke),
  },
  {
    signature: 'list',
    summary: 'List every cluster on this machine',
    flags: ['output'],
    examples: ['kcluster list', 'kcluster list --output json'],
    load: async () => (await import('../../commands/list.js')).list,
  },
  {
    signature: 'logs [nodes...]',
    summary: 'Print what nodes write',
    flags: ['cluster', 'logs', 'output'],
    examples: ['kcluster logs --tail 20', 'kcluster logs broker-1 --follow'],
    load: async () => (await import('../../commands/logs.js')).logs,
  },
  {
    signature: 'bundle',
    summary: 'Write all that tells why a cluster fails into one tar.gz',
    flags: ['cluster', 'file', 'bundle', 'output'],
    examples: ['kcluster bundle', 'kcluster bundle --name ci --directory artifacts'],
    load: async () => flagsOnly((await import('../../commands/bundle.js')).bundle),
  },
  {
    signature: 'check <host:port>',
    summary: "Say where a client's connection to a Kafka breaks; exit 1 when it does",
    flags: ['check', 'output'],
    examples: [
      'kcluster check localhost:9092',
      'kcluster check broker.example.com:9092 --timeout 2 --output json',
    ],
    load: async () => (await import('../../commands/check.js')).check,
  },
  {
    signature: 'doctor',
    summary: 'Check what this machine can run, and say how to mend what it can not',
    flags: ['output'],
    examples: ['kcluster doctor', 'kcluster doctor --output json'],
    load: async () => (await import('../../commands/doctor.js')).doctor,
  },
];
