import { describe, expect, it } from 'vitest';
import { runCommand } from '../../src/children/command.js';

/** What a line for the shell writes, and its exit code. */
async function outputOf(line: string) {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  const { exitCode } = await runCommand({
    program: 'sh',
    args: ['-c', line],
    env: process.env,
    divert: () => () => undefined,
    output: {
      takesInput: false,
      stdout: (chunk) => void chunks.stdout.push(chunk),
      stderr: (chunk) => void chunks.stderr.push(chunk),
    },
  });
  return {
    exitCode,
    stdout: Buffer.concat(chunks.stdout),
    stderr: Buffer.concat(chunks.stderr).toString(),
  };
}

describe('the output of a command', () => {
  it('comes byte by byte, from each stream', async () => {
    const { exitCode, stdout, stderr } = await outputOf(
      `printf '\\000\\377\\n'; printf warn >&2; exit 3`,
    );
    expect([exitCode, [...stdout], stderr]).toEqual([3, [0, 255, 10], 'warn']);
  });

  it('is whole when the command has ended, however much it is', async () => {
    const { stdout } = await outputOf('head -c 3000000 /dev/zero');
    expect(stdout).toHaveLength(3_000_000);
  });

  it('is over with the command, whatever that has left running', async () => {
    const begin = performance.now();
    const { stdout } = await outputOf('sleep 20 & echo $!');
    expect(performance.now() - begin).toBeLessThan(10_000);
    process.kill(Number(stdout.toString()));
  });

  it('has no input beside', async () => {
    const { exitCode, stdout } = await outputOf('cat; echo over');
    expect([exitCode, stdout.toString()]).toEqual([0, 'over\n']);
  });

  it('ends at once for a program that is not there', async () => {
    const output = { takesInput: false, stdout: () => undefined, stderr: () => undefined };
    const divert = () => () => undefined;
    const command = { program: '/nowhere', args: [], env: {}, divert, output };
    expect(await runCommand(command)).toEqual({ exitCode: 127, wasStopped: false });
  });
});
