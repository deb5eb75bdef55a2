import { KclusterError, messageOf, type ExitCode } from '../errors.js';
import { ExitCode as Codes } from '../errors.js';
import type { OutputMode, Terminal } from './output.js';
import { appendSummary } from './step-summary.js';
import { styleFor, type Style } from './style.js';
import { failureSummary, failureTitle } from './summary.js';
import { harmless, harmlessJson, workflowCommand } from './workflow-commands.js';

/** What a command came to: data for machines, and the same in words. */
export interface Outcome {
  /** One of `ExitCode`, or that of a command that was run. */
  exitCode: number;
  /** Undefined when the command has written its lines already. */
  data: unknown;
  text(style: Style): string;
  /** The same in Markdown, for the summary of a job, where it is worth one. */
  summary?(): string;
}

/** Prints the result on stdout, once: one JSON document, or the words; nothing when quiet. */
export function printOutcome(outcome: Outcome, mode: OutputMode, terminal: Terminal): void {
  if (mode === 'json') {
    if (outcome.data !== undefined) terminal.stdout.write(`${harmlessJson(outcome.data, 2)}\n`);
  } else if (mode !== 'quiet') {
    const text = outcome.text(styleFor('stdout', terminal.env));
    if (text !== '') terminal.stdout.write(`${mode === 'github' ? harmless(text) : text}\n`);
    if (mode === 'github' && outcome.summary) appendSummary(outcome.summary(), terminal);
  }
}

/** A line of a stream such as a log, as the mode may show it. */
export function streamLine(line: string, mode: OutputMode): string {
  return `${mode === 'github' ? harmless(line) : line}\n`;
}

/** Prints a failure on stderr, and under json as the one document on stdout as well; returns its exit code. */
export function printFailure(error: unknown, mode: OutputMode, terminal: Terminal): ExitCode {
  const failure = error instanceof KclusterError ? error : undefined;
  const exitCode = failure ? failure.exitCode : Codes.bug;
  if (mode === 'json') {
    const { kind, details, hints } = failure ?? { kind: 'bug', details: [], hints: [] };
    const message = messageOf(error);
    const document = { error: { kind, message, details, hints, exitCode } };
    terminal.stdout.write(`${harmlessJson(document, 2)}\n`);
    // Where stdout goes into a file, the log has it too.
    const stack = failure || !(error instanceof Error) ? undefined : error.stack;
    terminal.stderr.write(
      `${harmlessJson({ type: 'error', kind, message, details, hints, stack })}\n`,
    );
  } else {
    const style = styleFor('stderr', terminal.env);
    const lines = failure ? failureLines(failure, style) : bugLines(error, style);
    const text = `${lines.join('\n')}\n`;
    if (mode !== 'github') terminal.stderr.write(text);
    else {
      terminal.stderr.write(`${harmless(text)}${failureCommand(error)}\n`);
      appendSummary(failureSummary(error), terminal);
    }
  }
  return exitCode;
}

/** The annotation of a job has the message and what to do; the log has the rest. */
function failureCommand(error: unknown): string {
  const hints = error instanceof KclusterError ? error.hints : [];
  const lines = [messageOf(error), ...hints];
  return workflowCommand('error', lines.join('\n'), { title: failureTitle(error) });
}

function failureLines(failure: KclusterError, style: Style): string[] {
  return [
    `${style.bad('error:')} ${failure.message}`,
    ...failure.details.map((line) => `  ${line}`),
    ...failure.hints.map((hint) => `${style.strong('hint:')} ${hint}`),
  ];
}

function bugLines(error: unknown, style: Style): string[] {
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return [
    `${style.bad('This is a bug in kcluster:')} ${messageOf(error)}`,
    'Please report it with the command that you ran and the lines below.',
    ...stack.split('\n').map((line) => style.faint(`  ${line}`)),
    style.faint(`  node ${process.version} on ${process.platform} ${process.arch}`),
  ];
}
