import { InvalidArgumentError, Option } from 'commander';
import { engineNames } from '../cluster/engine.js';
import { defaultKafkaVersion, pinnedLines } from '../jars/lock.js';
import { outputModes } from '../report/output.js';
import { familyNames } from '../images/family-names.js';
import { numberOrText as number } from '../spec/number-flag.js';
import { parseDuration } from '../system/duration.js';
import { clientPlaces } from '../topology/topology.js';

const groups = {
  cluster: () => [
    new Option('-n, --name <name>', "name of the cluster (default: the file's, or kcluster)").env(
      'KCLUSTER_NAME',
    ),
    new Option(
      '-e, --engine <engine>',
      'what runs the nodes; auto: Docker if it answers, else processes',
    )
      .choices(['auto', ...engineNames])
      .env('KCLUSTER_ENGINE')
      .default('auto'),
  ],
  file: () => [
    new Option(
      '-f, --file <path>',
      'what the cluster is to be; - reads stdin (default: kcluster.yaml, if it is there)',
    ),
  ],
  wait: () => [
    new Option('-t, --timeout <seconds>', 'how long to wait until the cluster works')
      .argParser(positiveNumber)
      .default(120),
  ],
  waits: () => [
    new Option('-t, --timeout <seconds>', 'how long each wait for the cluster may take')
      .argParser(positiveNumber)
      .default(120),
  ],
  shape: () => [
    new Option('-b, --brokers <n>', 'number of brokers, 1 to 9 (default: 1)').argParser(number),
    new Option('-z, --zookeepers <n>', 'number of ZooKeepers, 1 to 7 (default: 1)').argParser(
      number,
    ),
    new Option('--observers <n>', 'number of ZooKeepers without a vote (default: 0)').argParser(
      number,
    ),
    new Option('--even-ensemble', 'accept an even number of ZooKeepers'),
    new Option('--kafka-port <port>', 'port of the first broker (default: 9092)').argParser(number),
    new Option(
      '--zookeeper-port <port>',
      'client port of the first ZooKeeper (default: 2181)',
    ).argParser(number),
    new Option('--ports <how>', 'fixed: count up from the first ports; auto: take free ones'),
    new Option(
      '--profile <which>',
      'fast: defaults for tests that start quickly; production-like: those of Kafka and of its own scripts (default: fast)',
    ),
    new Option('--images <which>', `whose images: ${familyNames.join(', ')} (default: published)`),
    new Option('--kafka <version>', 'version of Kafka, such as 3.9 or 3.9.2'),
    new Option('--set <key=value>', 'setting of every broker; may be repeated').argParser(
      settingsFlag,
    ),
    new Option(
      '--advertise <host>',
      'name by which other machines know this one; needs --bind. With Docker on another machine: the name of that one',
    ),
    new Option(
      '--bind <address>',
      'address that the listener for other machines binds, such as 0.0.0.0; with Docker on another machine, one of that',
    ),
    new Option(
      '--docker-host <address>',
      'address to bind for containers that come in by host.docker.internal: 172.17.0.1 on Linux, 127.0.0.1 with Docker Desktop',
    ),
    new Option(
      '--network <name>',
      'Docker network of another project that every node joins; may be repeated',
    ).argParser(list),
  ],
  up: () => [
    new Option('--smoke', 'prove that it works: "hello, world" through every listener'),
    new Option('--keep', 'keep what was made when the start fails or is interrupted'),
  ],
  timings: () => [new Option('--timings', 'say where the time went, stage by stage')],
  lease: () => [
    new Option(
      '--detach-after <time>',
      'remove the cluster after this long, such as 90m or 2h, whatever becomes of this run; never: keep it',
    ).argParser((text) => (text === 'never' ? text : duration(text))),
    new Option(
      '--owner <pid>',
      'remove the cluster when this process has ended, however it ends; such as $$',
    ).argParser(wholeNumber),
  ],
  run: () => [
    new Option(
      '--keep-on-failure',
      'let the cluster be there when the command fails, to look into it',
    ),
    new Option(
      '--detach-after <time>',
      'remove the cluster after this long even if the command still runs, such as 90m or 2h',
    ).argParser(duration),
    new Option(
      '--bundle <directory>',
      'where to write what tells of a failure (default: the working directory)',
    ),
    new Option('--no-bundle', 'write nothing when the start or the command fails'),
    new Option(
      '--matrix <flag=values>',
      'run the command once for each value, such as kafka=2.8,3.9; each further one multiplies',
    ).argParser(each),
    new Option('--jobs <n>', 'how many cells of the matrix run at a time (default: 1)').argParser(
      countingNumber,
    ),
    new Option('--fail-fast', 'start no further cell of the matrix when one has failed'),
    new Option('--junit <file>', 'write what the command came to as JUnit XML for CI'),
  ],
  pool: () => [
    new Option('--size <n>', 'how many clusters wait, 0 for none').argParser(poolSize),
    new Option('--wait <time>', 'how long each waits before it is removed')
      .argParser(duration)
      .default(8 * 3_600_000, '8h'),
  ],
  prune: () => [new Option('--dry-run', 'print what would go, and remove nothing')],
  junit: () => [
    new Option('--junit <file>', 'write the smoke checks to a file too, as JUnit XML for CI'),
  ],
  plan: () => [
    new Option('--dry-run', 'print the plan, each step with its cause, and change nothing'),
  ],
  scale: () => [
    new Option('-b, --brokers <n>', 'how many brokers there are to be, 1 to 9')
      .argParser(number)
      .makeOptionMandatory(),
  ],
  upgrade: () => [
    new Option('--kafka <version>', 'version of Kafka, such as 3.9 or 3.9.2').makeOptionMandatory(),
  ],
  rolling: () => [
    new Option('--rolling', 'one node after the other, so that the cluster goes on serving'),
  ],
  config: () => [
    new Option('--schema', 'print the JSON Schema of a kcluster.yaml instead, for editors'),
  ],
  init: () => [
    new Option('-f, --file <path>', 'the file to write; - writes stdout').default('kcluster.yaml'),
    new Option('--force', 'write over a file that is there'),
  ],
  down: () => [new Option('-v, --volumes', 'remove the data of ZooKeeper and Kafka too')],
  logs: () => [
    new Option('-f, --follow', 'go on with new lines until Ctrl-C'),
    new Option('--tail <n>', 'begin with the last n lines of each node').argParser(wholeNumber),
  ],
  images: () => [
    new Option('-k, --kafka <line>', 'only those of this Kafka, such as 3.5'),
    new Option('-f, --family <family>', 'only those of this family').choices(familyNames),
  ],
  bundle: () => [new Option('--directory <path>', 'where to write the bundle').default('.')],
  from: () => [
    new Option(
      '--from <place>',
      'where the client runs; network, joined and docker-host: in a container',
    )
      .choices(clientPlaces)
      .default('host'),
  ],
  import: () => [
    new Option('--check', 'only say what is wrong; exit 1 for a warning or an error'),
    new Option('--to <path>', 'file to write; - is stdout').default('kcluster.yaml'),
    new Option('--force', 'write over a file that is there'),
    new Option('--service <name>', 'of several clusters, the one with this broker or ZooKeeper'),
  ],
  build: () => [
    new Option(
      '--base <image>',
      'image with a Java runtime to build on (default: eclipse-temurin:21-jre)',
    ),
    new Option(
      '--kafka <version>',
      `version of Kafka; several with commas, or the flag again (default: ${defaultKafkaVersion})`,
    )
      .choices(pinnedLines())
      .argParser(list),
  ],
  check: () => [
    new Option('-t, --timeout <seconds>', 'how long to wait for each step')
      .argParser(positiveNumber)
      .default(5),
  ],
  output: () => [
    new Option('-o, --output <how>', 'how to tell what happens')
      .choices(outputModes)
      .env('KCLUSTER_OUTPUT'),
  ],
} satisfies Record<string, (env: NodeJS.ProcessEnv) => Option[]>;

export type FlagGroup = keyof typeof groups;

/** The flags of each group. `env`: for those that a variable can set. */
export const flagGroups: Record<FlagGroup, (env: NodeJS.ProcessEnv) => Option[]> = groups;

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined)
    throw new InvalidArgumentError('It is a time such as 90s, 15m, 2h or 1h30m.');
  return ms;
}

function poolSize(text: string): number {
  const size = wholeNumber(text);
  if (size > 20) throw new InvalidArgumentError('It is 20 at most.');
  return size;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

function countingNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('It is a whole number above 0.');
  return Number(text);
}

/** Every use of the flag adds its text to the list. */
function each(text: string, previous: readonly string[] = []): string[] {
  return [...previous, text];
}

/** Every use of the flag adds to the list; what values there are is the handler's to say. */
function list(text: string, previous: string[] = []): string[] {
  return [...previous, ...text.split(',')];
}

/** `log.retention.hours=24`, added to the ones before. */
function settingsFlag(
  text: string,
  before: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const [key = '', value] = text.split(/=(.*)/s, 2);
  if (key === '' || value === undefined) throw new InvalidArgumentError('It is written KEY=VALUE.');
  return { ...before, [key]: value };
}
