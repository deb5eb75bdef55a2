import { Command } from 'commander';
import { flagGroups } from './flags.js';
import type { Verb } from './verb.js';
import { verbGroups } from './verbs.js';

/** What commander read of a verb: its operands, and its flags by their camel-case names. */
export type RunVerb = (
  verb: Verb,
  operands: readonly string[],
  options: Record<string, unknown>,
) => Promise<void>;

/**
 * The command line as commander sees it. Nothing of a verb is loaded before it runs.
 * @param tellsErrors whether commander prints what is wrong with a command line; it throws it in any case
 */
export function buildProgram(
  version: string,
  env: NodeJS.ProcessEnv,
  run: RunVerb,
  tellsErrors = true,
): Command {
  const program = new Command('kcluster')
    .description('A real Apache ZooKeeper + Apache Kafka cluster on one machine.')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print the help of a command')
    .configureHelp({ showGlobalOptions: false, sortOptions: false })
    // A group such as `images` has flags of its own, which the verbs below it have as well.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(tellsErrors ? {} : { outputError: () => undefined })
    .showSuggestionAfterError()
    .showHelpAfterError('See `kcluster --help`.')
    .addHelpText('after', overview);
  for (const { heading, verbs } of verbGroups) {
    program.commandsGroup(heading);
    for (const verb of verbs) addVerb(program, verb, env, run);
  }
  return program;
}

function addVerb(program: Command, verb: Verb, env: NodeJS.ProcessEnv, run: RunVerb): void {
  const parent = verb.under ? groupOf(program, verb.under) : program;
  const command = parent.command(verb.signature).description(verb.summary);
  if (verb.passesThrough) command.passThroughOptions();
  const [operand] = command.registeredArguments;
  if (operand && verb.operand) {
    operand.description = verb.operand.description;
    operand.choices(verb.operand.choices);
  }
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

const overview = `
Examples:
  kcluster up --smoke                      start a cluster and prove that it works
  kcluster up --brokers 3 --zookeepers 3   three of each, with replication
  kcluster down --volumes                  remove it with its data
  kcluster init ensemble                   write a kcluster.yaml to go on from

Environment:
  KCLUSTER_NAME               which cluster, as --name
  KCLUSTER_ENGINE             docker, process or auto
  KCLUSTER_OUTPUT             pretty, plain, github, json or quiet
  KCLUSTER_ARCHIVES           auto, use, record or off: class-data archives of local JVMs
  KCLUSTER_CACHE              where downloaded jars are kept
  KCLUSTER_STATE              where the process engine keeps its nodes
  KCLUSTER_MAVEN_REPOSITORY   where jars come from
  DOCKER_HOST, DOCKER_CONTEXT which Docker daemon
  JAVA_HOME                   which Java

Exit codes:
  0 fine · 1 a check failed · 2 usage · 3 invalid cluster · 4 no engine · 5 conflict
  6 failed to start · 7 not ready in time · 70 a bug in kcluster · 130 interrupted`;
