import type { Style } from '../../src/report/style.js';
import { readComposeFile } from '../../src/import/compose-file.js';
import { contextOf, type ComposeContext } from '../../src/import/context.js';
import type { ComposeFile } from '../../src/import/model.js';

interface Around {
  env?: Record<string, string>;
  /** Other files by their paths. */
  files?: Record<string, string>;
}

/** A compose file from its text, in a directory called `shop`. */
export function composeFile(text: string, { env = {}, files = {} }: Around = {}): ComposeFile {
  return readComposeFile(
    { name: 'docker-compose.yml', text, directory: 'shop' },
    { env, nearby: (path) => files[path] },
  );
}

export function contextFrom(text: string, around: Around = {}): ComposeContext {
  return contextOf(composeFile(text, around));
}

/** Words without colours. */
export const plain: Style = {
  strong: (text) => text,
  faint: (text) => text,
  good: (text) => text,
  bad: (text) => text,
  warn: (text) => text,
};
