import { execa } from 'execa';
import { cp, mkdir, mkdtemp, readdir, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** This package as `npm install` would get it, in a directory of the temporary ones. */
export async function packedPackage(): Promise<{ directory: string; files: string[] }> {
  packed ??= pack();
  return await packed;
}

let packed: ReturnType<typeof pack> | undefined;

async function pack(): Promise<{ directory: string; files: string[] }> {
  const directory = await mkdtemp(join(tmpdir(), 'kcluster-packed-'));
  const words = ['pack', '--ignore-scripts', '--json', '--pack-destination', directory];
  const { stdout } = await execa('npm', words, { cwd: root });
  const [{ filename, files }] = JSON.parse(stdout) as [
    { filename: string; files: { path: string }[] },
  ];
  await execa('tar', ['-xzf', join(directory, filename), '-C', directory]);
  return { directory: join(directory, 'package'), files: files.map(({ path }) => path) };
}

/** Writes a project of these files that has this package, packed, and the packages of this repository installed. */
export async function writeProject(
  directory: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const { directory: kcluster } = await packedPackage();
  const modules = join(directory, 'node_modules');
  await mkdir(modules, { recursive: true });
  for (const name of await readdir(join(root, 'node_modules')))
    await place(join(root, 'node_modules', name), join(modules, name));
  await cp(kcluster, join(modules, 'kcluster'), { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(directory, path)), { recursive: true });
    await writeFile(join(directory, path), text);
  }
}

/** A link, but for a package that looks for others from where it really is. */
async function place(from: string, to: string): Promise<void> {
  if (basename(from) === 'mocha') await cp(from, to, { recursive: true });
  else await symlink(from, to);
}

/** What a project says to TypeScript. */
export function tsconfig(options: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'ES2022',
      module: 'Node16',
      moduleResolution: 'Node16',
      lib: ['ES2023', 'ESNext.Disposable'],
      types: ['node'],
      strict: true,
      skipLibCheck: true,
      ...options,
    },
  });
}

/** Compiles a project where it is. @returns what the compiler complains about */
export async function compile(directory: string): Promise<string> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = await execa(process.execPath, [tsc, '-p', directory], { reject: false });
  return stdout;
}

export const esModule = JSON.stringify({ type: 'module', private: true });
