import type { ComposeContext } from '../context.js';
import { eachNode, type Problem, type Rules } from '../finding.js';
import type { Fault } from '../model.js';

/** What is wrong with the file itself, where it concerns Kafka and ZooKeeper. */
export const fileRules: Rules = {
  form: (context) => faults(context, 'form'),
  'duplicate-key': (context) => faults(context, 'duplicate-key'),
  variable: (context) => faults(context, 'variable'),
  'unset-variable': (context) => faults(context, 'unset-variable'),
  'other-file': (context) => faults(context, 'other-file'),
  'version-key': ({ file }) =>
    file.version
      ? [
          {
            level: 'note',
            at: file.version,
            message: 'the key version is not read any more',
            why: 'Compose takes every file by the same rules since its version 2, and warns of the key.',
            fix: 'Leave it out.',
          },
        ]
      : [],
  'kraft-broker': ({ kraft }) =>
    kraft.map((service) => ({
      level: 'note',
      at: service.at,
      service,
      message: 'asks no ZooKeeper: it is a broker of KRaft',
      why: 'It keeps its metadata itself, and kcluster makes clusters on ZooKeeper.',
      fix: `Leave it in this file.`,
    })),
  'lonely-zookeeper': ({ servers, clusters, brokers }) => {
    const used = new Set(clusters.flatMap((cluster) => cluster.servers));
    if (brokers.length === 0) return [];
    return servers
      .filter((server) => !used.has(server))
      .map(({ service }) => ({
        level: 'note',
        at: service.at,
        service,
        message: 'no broker asks it',
        why: 'None names it in its zookeeper.connect, and none of the ZooKeepers that brokers name lists it.',
        fix: 'Leave it out, unless something else needs it.',
      }));
  },
  'env-command': eachNode(({ service }) =>
    [...service.environment.values()]
      .filter(({ name }) => /^(HOSTNAME|PORT|BROKER_ID|RACK)_COMMAND$/.test(name))
      .map(({ name, at }) => ({
        level: 'note',
        at,
        service,
        message: `${name} is run by a shell when the container starts`,
        why: 'What it comes to can not be seen in the file.',
        fix: 'Say the value itself where it is known.',
      })),
  ),
};

const words: Record<Fault['rule'], { why: string; fix: string }> = {
  form: {
    why: 'Compose refuses the file.',
    fix: 'Write it as the Compose specification has it.',
  },
  'duplicate-key': {
    why: 'Compose refuses the file, and other readers of YAML take the last one.',
    fix: 'Leave one of them out.',
  },
  variable: {
    why: 'Compose fills in variables behind each "$", and refuses what is none.',
    fix: 'Write "$$" for a dollar sign.',
  },
  'unset-variable': {
    why: 'Compose puts nothing in its place, and says so in a line that is easily missed.',
    fix: 'Set it in .env, or give a default: ${NAME:-default}.',
  },
  'other-file': {
    why: 'Compose refuses to start without it, and what it says is not known here.',
    fix: 'Put it beside the file, or take it out.',
  },
};

function faults({ file, brokers, servers }: ComposeContext, rule: Fault['rule']): Problem[] {
  const nodes = [...brokers, ...servers].map(({ service }) => service);
  const problem = ({ weight, message, at }: Fault): Problem => ({
    level: weight === 'fatal' ? 'error' : 'warning',
    at,
    message,
    ...words[rule],
  });
  return [
    ...file.faults.filter((fault) => fault.rule === rule).map(problem),
    ...nodes.flatMap((service) =>
      service.faults
        .filter((fault) => fault.rule === rule)
        .map((fault) => ({ ...problem(fault), service })),
    ),
  ];
}
