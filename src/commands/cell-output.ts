import type { CommandOutput } from '../children/command.js';
import type { Emit, Event } from '../report/events.js';
import { githubRenderer } from '../report/github.js';
import { LastLines } from '../report/last-lines.js';
import type { OutputMode } from '../report/output.js';
import { plainRenderer } from '../report/plain.js';
import { PrefixedLines } from '../report/prefixed-lines.js';
import type { CommandContext } from './context.js';

/** Where what is told of a cell goes, and what its command writes. */
export interface CellOutput {
  emit: Emit;
  /** Undefined where the command has this process's own streams. */
  command?: CommandOutput;
  /** Empty where nobody asked for them. */
  lastLines: () => string;
  /** For when nothing more comes. */
  close: () => void;
}

/** How cells are told of. */
export interface CellOutputOptions {
  output: OutputMode;
  /** Of the matrix: how many cells run at a time. */
  jobs: number;
  /** Whether the last lines of a command are to be known: it has no terminal then. */
  keepsLines: boolean;
}

type Write = (chunk: Buffer) => void;

/** The output of one cell: alone on the terminal, or beside others. */
export function cellOutput(
  context: Pick<CommandContext, 'terminal' | 'emit'>,
  cell: string,
  options: CellOutputOptions,
): CellOutput {
  if (options.jobs === 1) return alone(context, cell, options);
  return options.output === 'github'
    ? inOneGroup(context, options)
    : besideOthers(context, cell, options);
}

/** The command has the terminal; json keeps stdout for its document. */
function alone(
  { terminal, emit }: Pick<CommandContext, 'terminal' | 'emit'>,
  cell: string,
  { output, keepsLines }: CellOutputOptions,
): CellOutput {
  const isJson = output === 'json';
  const told = { emit: isJson ? withCell(emit, cell) : emit, close: () => undefined };
  if (!isJson && !keepsLines) return { ...told, lastLines: () => '' };
  const stdout = isJson ? terminal.stderr : terminal.stdout;
  const { keep, lastLines } = keeper(keepsLines);
  const command = {
    takesInput: true,
    stdout: keep((chunk) => void stdout.write(chunk)),
    stderr: keep((chunk) => void terminal.stderr.write(chunk)),
  };
  return { ...told, command, lastLines };
}

/** Each line says of which cell it is. */
function besideOthers(
  { terminal, emit }: Pick<CommandContext, 'terminal' | 'emit'>,
  cell: string,
  { output, keepsLines }: CellOutputOptions,
): CellOutput {
  const { stderr } = terminal;
  const isJson = output === 'json';
  const prefixed = (stream: NodeJS.WriteStream): PrefixedLines =>
    new PrefixedLines(`[${cell}] `, (line) => void stream.write(line));
  const lines = { stdout: prefixed(isJson ? stderr : terminal.stdout), stderr: prefixed(stderr) };
  const { keep, lastLines } = keeper(keepsLines);
  return {
    emit: isJson ? withCell(emit, cell) : prefixedEmit(prefixed(stderr), output, terminal),
    command: {
      takesInput: false,
      stdout: keep((chunk) => lines.stdout.write(chunk)),
      stderr: keep((chunk) => lines.stderr.write(chunk)),
    },
    lastLines,
    close: () => {
      lines.stdout.end();
      lines.stderr.end();
    },
  };
}

/** The heading of a cell names it already. */
function prefixedEmit(
  stderr: PrefixedLines,
  output: OutputMode,
  terminal: CommandContext['terminal'],
): Emit {
  if (output === 'quiet') return () => undefined;
  const heading = plainRenderer(terminal);
  const others = plainRenderer({ stderr, env: terminal.env });
  return (event) => (event.type === 'cell-started' ? heading : others).emit(event);
}

/** Nothing is shown before the cell has ended: the groups of a job's log can't be mixed. */
function inOneGroup(
  { terminal }: Pick<CommandContext, 'terminal'>,
  { keepsLines }: CellOutputOptions,
): CellOutput {
  const kept: [stream: 'stdout' | 'stderr', chunk: Buffer | string][] = [];
  const later =
    (stream: 'stdout' | 'stderr') =>
    (chunk: Buffer | string): void =>
      void kept.push([stream, chunk]);
  const renderer = githubRenderer({
    stderr: { write: later('stderr') },
    env: terminal.env,
  });
  const { keep, lastLines } = keeper(keepsLines);
  return {
    emit: renderer.emit,
    command: { takesInput: false, stdout: keep(later('stdout')), stderr: keep(later('stderr')) },
    lastLines,
    close: () => {
      renderer.close();
      for (const [stream, chunk] of kept) terminal[stream].write(chunk);
    },
  };
}

/** Keeps the last lines of what is written on its way. */
function keeper(isKept: boolean): { keep: (write: Write) => Write; lastLines: () => string } {
  if (!isKept) return { keep: (write) => write, lastLines: () => '' };
  const last = new LastLines();
  const streams: PrefixedLines[] = [];
  return {
    keep: (write) => {
      const lines = new PrefixedLines('', (line) => last.add(line));
      streams.push(lines);
      return (chunk) => {
        lines.write(chunk);
        write(chunk);
      };
    },
    lastLines: () => {
      for (const lines of streams) lines.end();
      return last.text();
    },
  };
}

function withCell(emit: Emit, cell: string): Emit {
  return (event) => {
    const told: Event & { cell: string } = { ...event, cell };
    emit(told);
  };
}
