import { execa } from 'execa';
import { readFileSync } from 'node:fs';
import { mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readAction, type Step } from '../helpers/actions/metadata.js';
import { checkOutInstalled, Runner } from '../helpers/actions/runner.js';
import { makeCli, type Cli } from '../helpers/cli.js';
import { projectName, upFlags } from '../helpers/engines.js';
import { nothingIsLeft } from '../helpers/reaped.js';
import { canRun, runsLong } from '../helpers/require.js';

const guide = readFileSync('docs/ci.md', 'utf8');
const readme = readFileSync('README.md', 'utf8');

function blocks(text: string, language: string): string[] {
  const found = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];
  return found.flatMap(([, name, block = '']) => (name === language ? [block] : []));
}

interface Workflow {
  jobs: { test: { steps: Step[]; strategy?: { matrix: { kafka: string[] } } } };
}

interface GitLabJob {
  extends?: string;
  variables: Record<string, string>;
  before_script: string[];
  script: string[];
  after_script?: string[];
}

const [following, versions, gitlab] = blocks(guide, 'yaml').map((text) => parse(text) as unknown);

/** The package that the examples test. */
async function addPackage(directory: string, test: string): Promise<void> {
  const manifest = { scripts: { 'integration-tests': test } };
  await writeFile(join(directory, 'package.json'), JSON.stringify(manifest));
}

const processes = await canRun('process');
const docker = await canRun('docker');

describe.skipIf(!processes)('the workflows of the documentation', () => {
  let checkout: string;
  beforeAll(async () => {
    checkout = await checkOutInstalled();
  });
  afterAll(async () => await rm(checkout, { recursive: true }));

  const short = blocks(readme.split('## In CI')[1]!.split('\n## ')[0]!, 'yaml');
  const [kafka] = (versions as Workflow).jobs.test.strategy!.matrix.kafka;
  it.each([
    ['README.md', parse(short[0]!) as Step[], {}],
    ['docs/ci.md, for the steps that follow', (following as Workflow).jobs.test.steps, {}],
    ['docs/ci.md, for one command', (versions as Workflow).jobs.test.steps, { kafka: kafka! }],
  ])('%s', async (_, steps, matrix) => {
    await using cli = await makeCli(undefined);
    const runner = new Runner(cli, checkout);
    const job = await runner.job({ matrix });
    try {
      await job.run([]);
      await addPackage(job.workspace, 'test -n "$KAFKA_BOOTSTRAP_SERVERS"');
      const log = await job.run(steps.map(onProcesses));
      expect(job.status, log).toBe('success');
      expect(await runner.artifacts()).toEqual({});
      const [, name] = /cluster "(job-[0-9a-f]+)"/.exec(log) ?? [];
      await nothingIsLeft(cli, name!);
    } finally {
      await runner.close();
    }
  });
});

/** With the engine that needs no registry. */
function onProcesses(step: Step): Step {
  if (step.uses !== 'OWNER/kcluster@v1') return step;
  return { ...step, with: { ...step.with, engine: 'process' } };
}

describe('the guide to CI', () => {
  it('has every input and output of the actions, with its default', () => {
    const action = readAction('.');
    const rows = [...guide.matchAll(/^\| `([\w-]+)` +\|.*\| +(.*?) +\|$/gm)];
    expect(rows.map(([, name]) => name)).toEqual(Object.keys(action.inputs));
    for (const [, name, told] of rows) {
      const value = action.inputs[name!]!.default;
      if (value === 'auto' || value === 'true' || value === 'false')
        expect(told, name).toBe(`\`${value}\``);
    }
    const stop = readAction('action/stop');
    for (const name of [...Object.keys(action.outputs), ...Object.keys(stop.inputs)])
      expect(guide).toContain(`\`${name}\``);
  });

  it('advertises the service that has the daemon', () => {
    const { variables, script } = (gitlab as Record<string, GitLabJob>)['docker-in-docker']!;
    const { hostname } = new URL(variables['DOCKER_HOST']!);
    expect(script.join('\n')).toContain(`kcluster run --advertise ${hostname} `);
  });
});

const long = runsLong('the jobs of GitLab and Jenkins in the documentation');

describe.skipIf(!processes || !long)('the jobs of GitLab in the documentation', () => {
  const all = gitlab as Record<string, GitLabJob>;

  it('proves a cluster of local processes', async () => {
    await using cli = await makeCli(undefined);
    const job = await runGitLab(cli, all, 'processes', 'test -n "$KAFKA_BOOTSTRAP_SERVERS"');
    expect(job.exitCode, job.all).toBe(0);
    expect(await readdir(cli.directory)).toContain('smoke.xml');
    expect(await readdir(cli.directory)).not.toContain('bundles');
    await nothingIsLeft(cli, job.name);
  });

  it('keeps what tells why its tests fail', async () => {
    await using cli = await makeCli(undefined);
    const job = await runGitLab(cli, all, 'processes', 'exit 1');
    expect(job.exitCode).toBe(1);
    const bundles = await readdir(join(cli.directory, 'bundles'));
    expect(bundles).toEqual([expect.stringContaining(job.name)]);
    await nothingIsLeft(cli, job.name);
  });

  it.skipIf(!docker)('runs its tests on a cluster of containers', async () => {
    await using cli = await makeCli(undefined);
    await writeFile(join(cli.directory, 'kcluster.yaml'), `images: ${upFlags.docker[1]}\n`);
    const passed = await runGitLab(cli, all, 'containers', 'test -n "$KAFKA_BOOTSTRAP_SERVERS"');
    expect(passed.exitCode, passed.all).toBe(0);
    const failed = await runGitLab(cli, all, 'containers', 'exit 1');
    expect(failed.exitCode).toBe(1);
    expect(await readdir(join(cli.directory, 'bundles'))).toHaveLength(1);
    await nothingIsLeft(cli, failed.name);
  });
});

it.skipIf(!processes || !long)('the steps of Jenkins in the documentation', async () => {
  await using cli = await makeCli('process');
  await installIn(cli, 'test -n "$KAFKA_BOOTSTRAP_SERVERS"');
  const [pipeline = ''] = blocks(guide, 'groovy');
  const lines = [...pipeline.matchAll(/\bsh '(.*)'/g)].map(([, line]) => line!);
  expect(lines).toHaveLength(2);
  const { exitCode, all } = await shell(cli, lines, {});
  expect(exitCode, all).toBe(0);
});

/** Runs a job as GitLab's runner does: both scripts in one shell, what comes after in another. */
async function runGitLab(
  cli: Cli,
  jobs: Record<string, GitLabJob>,
  name: string,
  test: string,
): Promise<{ name: string; exitCode: number | undefined; all: string }> {
  await installIn(cli, test);
  const own = jobs[name]!;
  const job = { ...jobs[own.extends!], ...own };
  const id = projectName('gitlab');
  const variables = { CI_JOB_ID: id, CI_PROJECT_DIR: cli.directory };
  const env = Object.fromEntries(
    Object.entries({ ...jobs[own.extends!]!.variables, ...own.variables })
      .map(([variable, text]) => [
        variable,
        text.replaceAll(/\$(\w+)/g, (_, known: keyof typeof variables) => variables[known]),
      ])
      // What is there of jars is enough.
      .filter(([variable]) => variable !== 'KCLUSTER_CACHE'),
  ) as Record<string, string>;
  const main = await shell(cli, [...job.before_script, ...job.script], env);
  const status = main.exitCode === 0 ? 'success' : 'failed';
  const after = await shell(cli, job.after_script ?? [], { ...env, CI_JOB_STATUS: status });
  return {
    name: env['KCLUSTER_NAME']!,
    exitCode: main.exitCode,
    all: `${main.all}\n${after.all}`,
  };
}

/** A project that has kcluster among its packages. */
async function installIn(cli: Cli, test: string): Promise<void> {
  const bin = join(cli.directory, 'node_modules', '.bin');
  await rm(bin, { recursive: true, force: true });
  await mkdir(bin, { recursive: true });
  await symlink(resolve('dist/main.js'), join(bin, 'kcluster'));
  await addPackage(cli.directory, test);
}

async function shell(cli: Cli, lines: readonly string[], env: Record<string, string>) {
  // What they install is there.
  const script = lines.filter((line) => !/^(npm ci$|apt-get )/.test(line)).join('\n');
  return await execa('bash', ['-eo', 'pipefail', '-c', script], {
    cwd: cli.directory,
    env: { ...cli.env, ...env },
    extendEnv: false,
    reject: false,
    all: true,
  });
}
