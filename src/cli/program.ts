import { Command, InvalidArgumentError, Option } from 'commander';
import { engineNames } from '../cluster/engine.js';
import { familyNames } from '../images/family-names.js';
import { outputModes } from '../report/output.js';
import { verbs, type FlagGroup, type Verb } from './verbs.js';

/** What commander read of a verb: its operands, and its flags by their camel-case names. */
export type RunVerb = (
  verb: Verb,
  operands: readonly string[],
  options: Record<string, unknown>,
) => Promise<void>;

/** The command line as commander sees it. Nothing of a verb is loaded before it runs. */
export function buildProgram(version: string, env: NodeJS.ProcessEnv, run: RunVerb): Command {
  const program = new Command('kcluster')
    .description('A real Apache ZooKeeper + Apache Kafka cluster on one machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: false, sortOptions: false })
    // A group such as `images` has flags of its own, which the verbs below it have as well.
    .enablePositionalOptions()
    .exitOverride()
    .showSuggestionAfterError()
    .showHelpAfterError('See `kcluster --help`.')
    .addHelpText('after', overview);
  for (const verb of verbs) addVerb(program, verb, env, run);
  return program;
}

function addVerb(program: Command, verb: Verb, env: NodeJS.ProcessEnv, run: RunVerb): void {
  const parent = verb.under ? groupOf(program, verb.under) : program;
  const command = parent.command(verb.signature).description(verb.summary);
  for (const group of verb.flags)
    for (const option of flagGroups[group](env)) command.addOption(option);
  command.showHelpAfterError(`See \`kcluster ${nameOf(verb)} --help\`.`);
  command.addHelpText(
    'after',
    `\nExamples:\n${verb.examples.map((line) => `  ${line}`).join('\n')}`,
  );
  command.action(async () => await run(verb, command.args, command.opts()));
}

/** A group is a verb too, and stands before those below it in the table. */
function groupOf(program: Command, name: string): Command {
  const group = program.commands.find((command) => command.name() === name);
  if (!group) throw new Error(`no verb ${name} to be a group`);
  return group;
}

/** `images build` of the verb `build` under `images`. */
function nameOf(verb: Verb): string {
  const [name = ''] = verb.signature.split(' ');
  return verb.under ? `${verb.under} ${name}` : name;
}

const flagGroups: Record<FlagGroup, (env: NodeJS.ProcessEnv) => Option[]> = {
  cluster: () => [
    new Option('-n, --name <name>', 'name of the cluster').default('kcluster'),
    new Option(
      '-e, --engine <engine>',
      'what runs the nodes; auto: Docker if it answers, else processes',
    )
      .choices(['auto', ...engineNames])
      .env('KCLUSTER_ENGINE')
      .default('auto'),
  ],
  wait: () => [
    new Option('-t, --timeout <seconds>', 'how long to wait until the cluster works')
      .argParser(positiveNumber)
      .default(120),
  ],
  shape: () => [
    new Option('-b, --brokers <n>', 'number of brokers, 1 to 9 (default: 1)').argParser(number),
    new Option('-z, --zookeepers <n>', 'number of ZooKeepers, 1 to 7 (default: 1)').argParser(
      number,
    ),
    new Option('--even-ensemble', 'accept an even number of ZooKeepers'),
    new Option('--kafka-port <port>', 'port of the first broker (default: 9092)').argParser(number),
    new Option(
      '--zookeeper-port <port>',
      'client port of the first ZooKeeper (default: 2181)',
    ).argParser(number),
    new Option('--ports <how>', 'fixed: count up from the first ports; auto: take free ones'),
    new Option('--images <which>', 'published, or local: those of `kcluster images build`'),
  ],
  up: () => [
    new Option('--smoke', 'prove that it works: "hello, world" through every listener'),
    new Option('--keep', 'keep what was made when the start fails or is interrupted'),
    new Option('--dry-run', 'print the plan, each step with its cause, and change nothing'),
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
  build: () => [
    new Option(
      '--base <image>',
      'image with a Java runtime to build on (default: eclipse-temurin:21-jre)',
    ),
  ],
  output: () => [
    new Option('-o, --output <how>', 'how to tell what happens')
      .choices(outputModes)
      .env('KCLUSTER_OUTPUT'),
  ],
};

/** Any number; what range it may be in is the specification's to say. */
function number(text: string): number | string {
  const value = Number(text);
  return text.trim() === '' || Number.isNaN(value) ? text : value;
}

function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError('It is a number above 0.');
  return value;
}

function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It is a whole number.');
  return Number(text);
}

const overview = `
Examples:
  kcluster up --smoke                      start a cluster and prove that it works
  kcluster up --brokers 3 --zookeepers 3   three of each, with replication
  kcluster down --volumes                  remove it with its data

Environment:
  KCLUSTER_ENGINE             docker, process or auto
  KCLUSTER_OUTPUT             pretty, plain, json or quiet
  KCLUSTER_CACHE              where downloaded jars are kept
  KCLUSTER_STATE              where the process engine keeps its nodes
  KCLUSTER_MAVEN_REPOSITORY   where jars come from
  DOCKER_HOST, DOCKER_CONTEXT which Docker daemon
  JAVA_HOME                   which Java

Exit codes:
  0 fine · 1 a check failed · 2 usage · 3 invalid cluster · 4 no engine · 5 conflict
  6 failed to start · 7 not ready in time · 70 a bug in kcluster · 130 interrupted`;
