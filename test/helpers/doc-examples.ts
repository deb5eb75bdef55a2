import { readFileSync } from 'node:fs';

/** The blocks of a Markdown file whose first line is a comment that names a file, by that name. */
export function examplesOf(path: string): Record<string, string> {
  const blocks = readFileSync(path, 'utf8').matchAll(
    /```\w+\n((?:\/\/|#) (\S+\.\w+)\n[\s\S]*?)```/g,
  );
  return Object.fromEntries([...blocks].map(([, text, name]) => [name!, text!]));
}
