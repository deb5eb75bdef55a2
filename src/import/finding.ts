import type { Broker } from './broker.js';
import type { ComposeContext } from './context.js';
import type { Service } from './model.js';
import type { Server } from './server.js';
import type { Place } from './yaml-tree.js';

/**
 * How bad something is. `error`: it does not start, or does not do what it is for. `warning`: it works on this machine
 * today, or loses something. `note`: good to know.
 */
export type Level = 'error' | 'note' | 'warning';

/** What a rule has found. */
export interface Problem {
  level: Level;
  at: Place;
  service?: Service;
  /** One line without a full stop. */
  message: string;
  /** A sentence. */
  why: string;
  /** A sentence: what to write in the compose file. */
  fix: string;
}

/** A problem as it is told. */
export interface Finding {
  level: Level;
  rule: string;
  /** Where it is in another file than the one that was asked for. */
  file?: string;
  line: number;
  column: number;
  service?: string;
  message: string;
  why: string;
  fix: string;
}

/** What is wrong with a compose file, seen from one side. Pure. */
export type Rule = (context: ComposeContext) => Problem[];

/** Rules by the names that findings have. */
export type Rules = Readonly<Record<string, Rule>>;

/** A rule that looks at one broker after the other. */
export function eachBroker(check: (broker: Broker, context: ComposeContext) => Problem[]): Rule {
  return (context) => context.brokers.flatMap((broker) => check(broker, context));
}

/** A rule that looks at one ZooKeeper after the other. */
export function eachServer(check: (server: Server, context: ComposeContext) => Problem[]): Rule {
  return (context) => context.servers.flatMap((server) => check(server, context));
}

/** A rule that looks at every broker and every ZooKeeper. */
export function eachNode(
  check: (node: Broker | Server, context: ComposeContext) => Problem[],
): Rule {
  return (context) =>
    [...context.brokers, ...context.servers].flatMap((node) => check(node, context));
}

/** All that the rules find, in the order of the file; one thing at one place once. */
export function findingsOf(context: ComposeContext, rules: Rules): Finding[] {
  const all = Object.entries(rules).flatMap(([rule, check]) =>
    check(context).map((problem) => finding(rule, problem, context.file.name)),
  );
  return inOrder(all);
}

export function finding(rule: string, problem: Problem, main: string): Finding {
  const { level, at, service, message, why, fix } = problem;
  return {
    level,
    rule,
    ...(at.file !== main && { file: at.file }),
    line: at.line,
    column: at.column,
    ...(service && { service: service.name }),
    message,
    why,
    fix,
  };
}

/** Those of the file itself come first. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const unique = new Map(
    findings.map((each) => [
      [each.rule, each.file, each.line, each.column, each.message].join('\0'),
      each,
    ]),
  );
  return [...unique.values()].toSorted(
    (a, b) => (a.file ?? '').localeCompare(b.file ?? '') || a.line - b.line || a.column - b.column,
  );
}
