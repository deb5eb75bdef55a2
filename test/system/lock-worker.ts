/** A process of its own for the tests of the lock: `node lock-worker.ts DIRECTORY MODE`. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withProjectLock } from '../../src/system/lock.js';

const [directory = '', mode = ''] = process.argv.slice(2);
const counter = join(directory, 'counter');

await withProjectLock(
  {
    directory: join(directory, 'locks'),
    project: 'demo',
    signal: new AbortController().signal,
    onWait: () => process.stdout.write('waiting\n'),
  },
  async () => {
    process.stdout.write('held\n');
    if (mode === 'hold') await new Promise((resolve) => setTimeout(resolve, 600_000));
    const value = Number(readFileSync(counter, 'utf8'));
    // Long enough for another process to read the same value if it were let in.
    await new Promise((resolve) => setTimeout(resolve, 5));
    writeFileSync(counter, String(value + 1));
  },
);
