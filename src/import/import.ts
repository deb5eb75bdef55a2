import { KclusterError } from '../errors.js';
import type { SpecTree } from '../spec/path.js';
import { clusterOf, contextOf, type Cluster, type ComposeContext } from './context.js';
import { finding, findingsOf, inOrder, type Finding } from './finding.js';
import type { ComposeFile } from './model.js';
import { composeRules } from './rules/rules.js';
import type { Decision } from './translation/part.js';
import { specText } from './translation/spec-text.js';
import { translate } from './translation/translate.js';

/** What is wrong with a compose file. */
export interface CheckedFile {
  file: string;
  findings: readonly Finding[];
}

/** A compose file as a specification. */
export interface ImportedFile extends CheckedFile {
  spec: SpecTree;
  /** Why the specification has something as it has it. */
  decisions: readonly Decision[];
  /** The text of the kcluster.yaml. */
  text: string;
}

/**
 * What is wrong with a compose file, line by line.
 * @throws KclusterError `invalidSpec` when it has no broker that runs on ZooKeeper
 */
export function checkFile(file: ComposeFile): CheckedFile {
  const context = contextOf(file);
  assertBroker(context);
  return { file: file.name, findings: findingsOf(context, composeRules) };
}

/**
 * The specification of one cluster of a compose file, with all that there is to say of both.
 * @param service one of that cluster's; the first cluster's when undefined
 * @param schema where editors find the schema of the file
 * @throws KclusterError `invalidSpec` when it has no broker that runs on ZooKeeper, `usage` when the service is none
 */
export function importFile(
  file: ComposeFile,
  { service, schema }: { service?: string; schema?: string } = {},
): ImportedFile {
  const context = contextOf(file);
  assertBroker(context);
  const { tree, decisions, remarks } = translate(context, clusterWith(context, service));
  const told = remarks.map((remark) => finding(remark.rule, remark, file.name));
  const heading = [
    ...(schema === undefined ? [] : [`yaml-language-server: $schema=${schema}`]),
    `What ${file.name} describes, for \`kcluster up\`; written by \`kcluster import\`.`,
  ];
  return {
    file: file.name,
    findings: inOrder([...findingsOf(context, composeRules), ...told]),
    spec: tree,
    decisions,
    text: specText(tree, decisions, heading),
  };
}

function assertBroker({ file, brokers, kraft }: ComposeContext): void {
  if (brokers.length > 0) return;
  const names = file.services.map(({ name }) => name);
  throw new KclusterError('invalidSpec', `${file.name} has no Kafka that runs on ZooKeeper`, {
    details:
      kraft.length > 0
        ? kraft.map(({ name }) => `${name} is a broker of KRaft, which asks no ZooKeeper`)
        : [
            names.length === 0
              ? 'it has no services'
              : `none of its services is a broker: ${names.join(', ')}`,
          ],
    hints:
      kraft.length > 0
        ? ['There is nothing to import: kcluster makes clusters on ZooKeeper.']
        : ['Name the file that has Kafka in it: `kcluster import path/to/docker-compose.yml`.'],
  });
}

function clusterWith(context: ComposeContext, service: string | undefined): Cluster {
  const { clusters, brokers, file } = context;
  if (service === undefined) return clusters[0]!;
  const broker = brokers.find((each) => each.service.name === service);
  if (broker) return clusterOf(context, broker);
  const cluster = clusters.find(({ servers }) =>
    servers.some((each) => each.service.name === service),
  );
  if (cluster) return cluster;
  throw new KclusterError('usage', `${service} is no broker and no ZooKeeper of ${file.name}`, {
    hints: [`Name one of ${brokers.map((each) => each.service.name).join(', ')}.`],
  });
}
