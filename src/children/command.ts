import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { constants as access, type Stats } from 'node:fs';
import { access as mayAccess, stat } from 'node:fs/promises';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { codeOf } from '../errors.js';
import type { EndSignal } from '../system/interrupts.js';
import { hasTerminal } from '../system/terminal.js';

/** What a shell answers for a command that it does not find, and for one that is no program (POSIX, 2.8.2). */
export const notFoundCode = 127;
const notExecutableCode = 126;

/** Where the output of a command goes, as it comes. */
export interface CommandOutput {
  /** Whether it has this process's stdin; else its stdin is empty. */
  takesInput: boolean;
  stdout: (chunk: Buffer) => void;
  stderr: (chunk: Buffer) => void;
}

/** How long the output may be silent, after the command has ended, before it is over: programs it left may hold it. */
const silenceMs = 200;

export interface Command {
  program: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Sends the signals that ask this process to end to the command; until the returned call. */
  divert: (receiver: (signal: EndSignal) => void) => () => void;
  /** In place of this process's own streams. */
  output?: CommandOutput;
}

/** How a command came to its end. */
export interface CommandEnd {
  /** As a shell tells it: 128 and the number of the signal that ended it. */
  exitCode: number;
  /** This process, and with it the command, was asked to end before. */
  wasStopped: boolean;
}

/** Runs a command in the foreground, on this process's own streams unless its output goes elsewhere, to its end. */
export async function runCommand(command: Command): Promise<CommandEnd> {
  const { program, args, env, divert, output } = command;
  const child = spawn(program, args, { stdio: stdioOf(output), env });
  const outputOver = output ? passedOn(child, output) : Promise.resolve();
  let wasStopped = false;
  const undivert = divert((signal) => {
    wasStopped = true;
    // The terminal has sent it to the command as well.
    if (signal === 'SIGINT' && hasTerminal()) return;
    child.kill(signal);
  });
  try {
    const exitCode = await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => {
        const code = spawnCode(error);
        if (code === undefined) reject(error);
        else resolve(code);
      });
      child.once('exit', (code, signal) => resolve(signal ? codeOfSignal(signal) : (code ?? 0)));
    });
    await outputOver;
    return { exitCode, wasStopped };
  } finally {
    undivert();
  }
}

function stdioOf(output: CommandOutput | undefined): StdioOptions {
  return output ? [output.takesInput ? 'inherit' : 'ignore', 'pipe', 'pipe'] : 'inherit';
}

/** Passes on what a command writes; resolves when that has ended, or when it is silent and the command has ended. */
async function passedOn(child: ChildProcess, output: CommandOutput): Promise<void> {
  await Promise.all(
    (['stdout', 'stderr'] as const).map(async (name) => {
      const stream = child[name]!;
      let timer: NodeJS.Timeout | undefined;
      const silent = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => stream.destroy(), silenceMs);
      };
      stream.on('data', (chunk: Buffer) => {
        output[name](chunk);
        if (timer) silent();
      });
      child.once('exit', silent);
      child.once('error', () => stream.destroy());
      await new Promise((resolve) => stream.once('close', resolve));
      clearTimeout(timer);
    }),
  );
}

/** The code of a shell for a program that can't be run; undefined where it can. By the caller's PATH, as execvp(3). */
export async function whyNotRun(
  program: string,
  env: NodeJS.ProcessEnv,
): Promise<number | undefined> {
  const candidates = program.includes('/')
    ? [program]
    : (env['PATH'] ?? '').split(delimiter).map((directory) => join(directory || '.', program));
  let found = false;
  for (const path of candidates) {
    const file = await stat(path).catch((): Stats | undefined => undefined);
    if (!file) continue;
    found = true;
    if (file.isFile() && (await isExecutable(path))) return undefined;
  }
  return found ? notExecutableCode : notFoundCode;
}

async function isExecutable(path: string): Promise<boolean> {
  return await mayAccess(path, access.X_OK).then(
    () => true,
    () => false,
  );
}

function spawnCode(error: Error): number | undefined {
  const code = codeOf(error);
  if (code === 'ENOENT') return notFoundCode;
  return code === 'EACCES' || code === 'ENOEXEC' ? notExecutableCode : undefined;
}

function codeOfSignal(signal: NodeJS.Signals): number {
  return 128 + constants.signals[signal];
}
