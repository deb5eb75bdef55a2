import {
  leavesOf,
  mergeTrees,
  pathText,
  valueAt,
  without,
  type SpecPath,
  type SpecTree,
} from '../../spec/path.js';
import type { Problem } from '../../spec/problem.js';
import type { Broker } from '../broker.js';
import { nearestLine } from './image-choice.js';
import { changed, joined, leftBehind, type Part, type Remark } from './part.js';
import { tryOut } from './trial.js';

/** More than there are values in any translation. */
const mostRounds = 500;

/**
 * A translation that can be made: images that can't be told what it wants give way to those that can, and what no
 * image can be told, or no specification can have, is left out.
 * @param broker whose place remarks have
 */
export function fitted(part: Part, broker: Broker): Part {
  let fit = part;
  for (let round = 0; round < mostRounds; round += 1) {
    const { problems, isUnsayable } = tryOut(fit.tree);
    const [problem] = problems;
    if (!problem) return fit;
    const isOwn = fit.tree['images'] === undefined && !hasImages(fit.tree);
    fit =
      isUnsayable && !isOwn
        ? withPublished(fit, problem, broker)
        : withoutCause(fit, problem, broker);
  }
  throw new Error(`no specification comes out: ${tryOut(fit.tree).problems[0]?.message}`);
}

function hasImages(tree: SpecTree): boolean {
  return imagePaths.some((path) => valueAt(tree, path) !== undefined);
}

const imagePaths: readonly SpecPath[] = [
  ['kafka', 'image'],
  ['zookeeper', 'image'],
];

function withPublished(part: Part, { message }: Problem, { service }: Broker): Part {
  const version = valueAt(part.tree, ['kafka', 'version']);
  const tree = without(part.tree, [['images'], ...imagePaths]);
  const line = typeof version === 'string' ? nearestLine('published', version) : undefined;
  const replaced = line === undefined ? tree : mergeTrees({ kafka: { version: line } }, tree);
  return {
    tree: replaced,
    decisions: part.decisions.filter(({ path }) => path[0] !== 'images'),
    remarks: [
      ...part.remarks,
      changed({
        level: 'warning',
        at: service.image?.at ?? service.at,
        service,
        message: 'the images become confluentinc/cp-kafka and zookeeper',
        why: `${message}.`,
        fix: 'See `kcluster images` for what each family takes.',
      }),
    ],
  };
}

/** Takes out what a problem is about. */
function withoutCause(part: Part, problem: Problem, { service }: Broker): Part {
  const causes = causesOf(part.tree, problem);
  const [cause] = causes;
  const remark = (what: string): Remark =>
    leftBehind({
      at: service.at,
      service,
      message: what,
      why: `${problem.message}.`,
      fix: 'README.md says what a kcluster.yaml takes.',
    });
  if (cause) {
    return {
      tree: without(
        part.tree,
        causes.flatMap((path) => [path, ...below(part.tree, path)]),
      ),
      decisions: part.decisions.filter((each) => !causes.some((path) => isWithin(each.path, path))),
      remarks: [...part.remarks, remark(`${pathText(cause)} is left out`)],
    };
  }
  if (part.tree['ports'] === 'auto')
    throw new Error(`no specification comes out: ${problem.message}`);
  // Ports of brokers and ZooKeepers that overlap although one of them is the usual one.
  return joined([
    { tree: { ports: 'auto' }, decisions: [], remarks: [remark('ports become free ones')] },
    { ...part, tree: without(part.tree, firstPorts) },
  ]);
}

const firstPorts: readonly SpecPath[] = [
  ['kafka', 'port'],
  ['zookeeper', 'port'],
];

/** The values that a problem is about; what an image can't be told may be said for single brokers. */
function causesOf(tree: SpecTree, { path, message }: Problem): SpecPath[] {
  if (valueAt(tree, path) !== undefined) return [path];
  const [, phrase = ''] = / can't be told ([^:]+):/.exec(message) ?? [];
  const settings = leavesOf(tree).filter((leaf) => leaf.at(-1) === phrase);
  if (settings.length > 0 || phrase === '') return settings;
  return leavesOf(tree).filter((leaf) => leaf.at(-1) === 'jvmOptions' || leaf.at(-1) === 'heap');
}

function below(tree: SpecTree, path: SpecPath): SpecPath[] {
  const value = valueAt(tree, path);
  const inner = typeof value === 'object' && value !== null && !Array.isArray(value);
  return inner
    ? Object.keys(value).flatMap((key) => [[...path, key], ...below(tree, [...path, key])])
    : [];
}

function isWithin(path: SpecPath, outer: SpecPath): boolean {
  return outer.every((key, index) => path[index] === key);
}
