import { describe, expect, it } from 'vitest';
import { buildProgram } from '../../src/cli/program.js';

/** The verb that a command line runs, and its flags. */
async function read(...argv: string[]): Promise<[string, Record<string, unknown>]> {
  let read: [string, Record<string, unknown>] | undefined;
  const program = buildProgram('1.2.3', {}, async (verb, _operands, options) => {
    read = [verb.signature, options];
    await Promise.resolve();
  });
  await program.parseAsync(argv, { from: 'user' });
  return read!;
}

describe('a group that is a verb too', () => {
  it('runs by itself', async () => {
    expect(await read('images', '--kafka', '3.5', '-o', 'json')).toEqual([
      'images',
      { kafka: '3.5', output: 'json' },
    ]);
  });

  it('leaves flags to the verb below it', async () => {
    expect(await read('images', 'build', '--base', 'b', '-o', 'json')).toEqual([
      'build',
      { base: 'b', output: 'json' },
    ]);
  });
});
