import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Whether a command is on PATH; says aloud when it is not, since its tests are skipped then. */
export function hasTool(name: string): boolean {
  const found = (process.env['PATH'] ?? '').split(delimiter).some((directory) => {
    try {
      accessSync(join(directory, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  if (!found) process.stderr.write(`SKIPPED, the tests that need ${name}: it is not on PATH\n`);
  return found;
}
