import { assertNothingIsLost } from '../cluster/guard.js';
import { assertNoDowngrade, commonProtocol } from '../cluster/kafka-version.js';
import { changesAnything } from '../cluster/reconcile.js';
import type { ObservedProject } from '../cluster/observed.js';
import { upgradePlan } from '../cluster/upgrade.js';
import { protocolSetting } from '../compose/broker-setup.js';
import type { ComposeDocument } from '../compose/document.js';
import { Label } from '../compose/labels.js';
import { KclusterError } from '../errors.js';
import { compareLines, kafkaLineOf } from '../images/kafka-line.js';
import type { Outcome } from '../report/outcome.js';
import { assertValues } from '../spec/resolve.js';
import { recoverTopology } from '../topology/recover.js';
import { carryOut } from '../operations/carry-out.js';
import { planned } from './planned.js';
import type { ClusterOptions } from '../operations/context.js';
import type { CommandContext } from './context.js';
import { designCluster, pinnedDocument, saidLayers, type Design } from '../operations/design.js';
import { tellFileSays } from './file-says.js';
import { assertExists, withProject, type LockedProject } from '../operations/locked.js';
import { leadersOf, servingOnFailure } from '../operations/rolling.js';
import { running } from './running.js';
import type { SpecFile } from '../operations/spec-file.js';

interface UpgradeOptions extends ClusterOptions {
  kafka: string;
  specFile?: SpecFile;
  dryRun?: boolean;
}

/** `kcluster upgrade`: changes to a newer Kafka; otherwise the cluster stays what it is, whatever a file says. */
export async function upgrade(context: CommandContext, options: UpgradeOptions): Promise<Outcome> {
  const { name, kafka } = options;
  assertValues(saidLayers({ name, kafka }));
  return await withProject(context, options, async (project) => {
    assertExists(project.observed);
    return await upgradeProject(context, options, project);
  });
}

async function upgradeProject(
  context: CommandContext,
  options: UpgradeOptions,
  project: LockedProject,
): Promise<Outcome> {
  const begin = performance.now();
  const { name, kafka, timeout, specFile } = options;
  const { engine, observed } = project;
  const design = await designCluster({ name, givenName: name, kafka }, project);
  try {
    const { document } = design.rendered;
    const { topology } = design;
    assertImageGoesAlong(design);
    assertNothingIsLost(document, observed);
    assertNoDowngrade(document, observed);
    tellFileSays(context, specFile, ['kafka', 'version'], kafka, name);
    const pinned = pinnedFor(design, observed, context);
    const last = await leadersOf(engine, recoverTopology(observed));
    const plan = upgradePlan(pinned, document, observed, { last });
    if (options.dryRun) return planned(plan);
    const again = `kcluster upgrade --kafka ${kafka} --name ${name}`;
    const wanted = { document: pinned ?? document, topology, again };
    await servingOnFailure(context, project, wanted, async () => {
      await carryOut(plan, context, engine, topology, { timeout, each: true });
    });
    const what = `runs ${wordsFor(document, kafka)}`;
    return running(engine, topology, changesAnything(plan), performance.now() - begin, what);
  } finally {
    await design.release();
  }
}

/** @throws KclusterError `conflict` where an image was chosen that `--kafka` does not change */
function assertImageGoesAlong({ spec }: Design): void {
  const { image } = spec.kafka;
  if (image === undefined) return;
  throw new KclusterError('conflict', `kafka.image is "${image}", whatever \`--kafka\` says`, {
    hints: ['Write a newer image into the file, and `kcluster up` replaces every broker at once.'],
  });
}

/**
 * The document to begin with: brokers of the new program that speak the protocol of the old one. Undefined when all have
 * the new program, when there is but one line, or when the settings say what they speak.
 */
function pinnedFor(
  design: Design,
  observed: ObservedProject,
  { emit }: CommandContext,
): ComposeDocument | undefined {
  const { document } = design.rendered;
  const wanted = document.services['broker-1']!.image;
  const images = observed.nodes
    .filter(({ labels }) => labels[Label.role] === 'broker')
    .map(({ image }) => image);
  if (images.every((image) => image === wanted)) return undefined;
  const spoken = design.spec.kafka.settings[protocolSetting];
  if (spoken !== undefined) {
    const message = `${protocolSetting} is set to ${spoken}, and stays so`;
    emit({ type: 'notice', message });
    return undefined;
  }
  const [from, to] = [commonProtocol(observed), kafkaLineOf(wanted)];
  if (!from || !to) throw unknownLine(observed.project, [...images, wanted]);
  return compareLines(from, to) === 0 ? undefined : pinnedDocument(design, from);
}

function unknownLine(project: string, images: readonly string[]): KclusterError {
  const image = images.find((each) => !kafkaLineOf(each));
  return new KclusterError('conflict', `nothing tells which Kafka is in ${image}`, {
    hints: [`Replace every broker at once with \`kcluster up --name ${project}\`.`],
  });
}

function wordsFor({ services }: ComposeDocument, version: string): string {
  return `Kafka ${kafkaLineOf(services['broker-1']!.image) ?? version}`;
}
