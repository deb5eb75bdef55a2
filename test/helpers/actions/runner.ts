import { execa } from 'execa';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Cli } from '../cli.js';
import { Job, type JobOptions } from './job.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** A machine that runs jobs of workflows which use this repository's actions. */
export class Runner {
  /** With the caches and artifacts of the repository that the jobs are of. */
  readonly services: string;
  readonly #cli: Cli;
  readonly #checkout: string;
  readonly #jobs: Job[] = [];

  /** @param checkout of this repository */
  constructor(cli: Cli, checkout: string) {
    this.#cli = cli;
    this.#checkout = checkout;
    this.services = join(cli.directory, 'services');
  }

  async job(options: Partial<Pick<JobOptions, 'env' | 'hasWorker' | 'matrix'>> = {}): Promise<Job> {
    // The paths of a hosted runner are the same in every run.
    const directory = join(this.#cli.directory, 'work');
    await rm(directory, { recursive: true, force: true, maxRetries: 10 });
    await mkdir(directory);
    const { env = {}, ...others } = options;
    const job = new Job({
      directory,
      services: this.services,
      env: { ...this.#cli.env, ...env },
      actions: {
        'OWNER/kcluster': this.#checkout,
        'OWNER/kcluster/action/stop': join(this.#checkout, 'action', 'stop'),
      },
      ...others,
    });
    this.#jobs.push(job);
    return job;
  }

  /** The files of all artifacts, by the artifact's name. */
  async artifacts(): Promise<Record<string, string[]>> {
    const folder = join(this.services, 'artifacts');
    const names = await readdir(folder).catch((): string[] => []);
    const files = await Promise.all(
      names.map(async (name) => {
        const inside = await readdir(join(folder, name));
        return [name, inside.map((file) => join(folder, name, file))] as const;
      }),
    );
    return Object.fromEntries(files);
  }

  async close(): Promise<void> {
    for (const job of this.#jobs) await job.close();
  }
}

/** The files of this repository in a directory of their own, without what is built. */
export async function checkOut(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "kcluster's action-"));
  const { stdout } = await execa('git', ['ls-files', '--cached', '-z'], { cwd: root });
  for (const path of stdout.split('\0').filter(isNeeded)) {
    await mkdir(join(directory, dirname(path)), { recursive: true });
    await cp(join(root, path), join(directory, path));
  }
  return directory;
}

/** The same as if it had been installed. */
export async function checkOutInstalled(): Promise<string> {
  const directory = await checkOut();
  await cp(join(root, 'dist'), join(directory, 'dist'), { recursive: true });
  await cp(join(root, 'build'), join(directory, 'build'), { recursive: true });
  await symlink(join(root, 'node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'dist', '.installed'), '');
  return directory;
}

function isNeeded(path: string): boolean {
  return /^(action|scripts|src|templates)\/|^[\w.-]+\.(json|yml)$/.test(path);
}
