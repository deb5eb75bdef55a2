import { mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Compiles a TypeScript file and what it imports by relative paths, beside the packages, so that plain `node` can run it as a process
 * of its own. Returns the path of the script and the directory to remove afterwards.
 */
export function compiled(entry: URL): { script: string; directory: string } {
  const source = fileURLToPath(entry);
  const directory = mkdtempSync(join(tmpdir(), 'kcluster-compiled-'));
  ts.createProgram([source], {
    outDir: directory,
    rootDir: root,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: [],
    noCheck: true,
    noLib: true,
  }).emit();
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
  return { script: join(directory, relative(root, source).replace(/\.ts$/, '.js')), directory };
}
