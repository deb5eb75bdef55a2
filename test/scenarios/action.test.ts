import { execa } from 'execa';
import { cp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { EngineName } from '../../src/cluster/engine.js';
import { readVariables } from '../helpers/actions/file-commands.js';
import type { Job } from '../helpers/actions/job.js';
import type { Step } from '../helpers/actions/metadata.js';
import { checkOut, checkOutInstalled, Runner } from '../helpers/actions/runner.js';
import { entryOf } from '../helpers/actions/stand-ins.js';
import { makeCli, type Cli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';
import { nothingIsLeft } from '../helpers/reaped.js';
import { canRun, runsLong } from '../helpers/require.js';
import { readTarGz } from '../helpers/tar.js';
import { readAsRunner } from '../helpers/workflow-runner.js';

let checkout: string;
beforeAll(async () => {
  checkout = await checkOutInstalled();
});
afterAll(async () => await rm(checkout, { recursive: true }));

async function runner(
  engine: EngineName | undefined,
  env: Record<string, string> = {},
): Promise<Runner & { cli: Cli } & AsyncDisposable> {
  const cli = await makeCli(engine, env);
  const made = new Runner(cli, checkout);
  return Object.assign(made, {
    cli,
    [Symbol.asyncDispose]: async () => {
      await made.close();
      // Reapers end by themselves.
      await nothingIsLeft(cli, 'none');
      await cli[Symbol.asyncDispose]();
    },
  });
}

const start = (inputs: Step['with'] = {}): Step => ({
  id: 'kafka',
  uses: 'OWNER/kcluster@v1',
  with: inputs,
});
const stop: Step = { if: 'always()', uses: 'OWNER/kcluster/action/stop@v1' };

/** What every cluster of these tests is made of. */
function imagesOf(engine: EngineName): Record<string, string> {
  const [, images] = upFlags[engine];
  return { engine, ...(images !== undefined && { images }) };
}

/** Says hello to the cluster of its environment; `kcluster` means the same one. */
const hello: Step = {
  run: `
    node hello.mjs
    [ "$(kcluster status --output json | node -p 'JSON.parse(fs.readFileSync(0)).cluster')" = "$KCLUSTER_NAME" ]
    [ "$ADDRESS" = "$KAFKA_BOOTSTRAP_SERVERS" ]
  `,
  env: { ADDRESS: '${{ steps.kafka.outputs.bootstrap-servers }}' },
};

async function addProgram(job: Job): Promise<void> {
  await job.run([]);
  await symlink(resolve('node_modules'), join(job.workspace, 'node_modules'));
  await writeFile(
    join(job.workspace, 'hello.mjs'),
    `
    import { Kafka } from 'kafkajs';
    const brokers = process.env.KAFKA_BOOTSTRAP_SERVERS.split(',');
    const producer = new Kafka({ brokers, logLevel: 0 }).producer();
    await producer.connect();
    await producer.send({ topic: 'hello', messages: [{ value: 'hello, world' }] });
    await producer.disconnect();
    console.log('sent to ' + brokers.length);
    `,
  );
}

/** Of `kcluster list`. */
interface Listed {
  cluster: string;
  lease: { owner?: object; until?: number };
}

function errorsOf(log: string) {
  return readAsRunner(log).filter(
    ({ command, properties }) => command === 'error' && properties['title'],
  );
}

await describeEngines(
  'the action',
  (engine) => {
    it('starts a cluster for the steps that follow, and stop removes it', async () => {
      await using machine = await runner(undefined);
      const job = await machine.job();
      await addProgram(job);
      const log = await job.run([
        start({ ...imagesOf(engine), brokers: 2, smoke: true, timeout: 150 }),
        hello,
        { run: 'kcluster list' },
        stop,
      ]);
      expect(job.status, log).toBe('success');
      expect(log).toContain('sent to 2');
      const {
        name,
        'bootstrap-servers': kafka,
        'zookeeper-connect': zookeeper,
      } = job.outputs('kafka');
      expect(name).toMatch(/^job-[0-9a-f]{8}$/);
      expect(kafka).toMatch(/^127\.0\.0\.1:\d+,127\.0\.0\.1:\d+$/);
      expect(zookeeper).toMatch(/^127\.0\.0\.1:\d+$/);
      expect(job.summary).toContain(`### cluster "${name}" is up after`);
      expect(job.summary).toMatch(/^\| ✓ \| topic created \|/m);
      expect(log).toContain(`process ${job.workerPid}`);
      const groups = readAsRunner(log).filter(({ command }) => command === 'group');
      expect(groups.map(({ text }) => text)).toEqual(['kcluster: steps', 'kcluster: steps']);
      expect(errorsOf(log)).toEqual([]);
      expect(await machine.artifacts()).toEqual({});
      await nothingIsLeft(machine.cli, name!);
    });

    it('keeps what tells why when a later step fails', async () => {
      await using machine = await runner(undefined);
      const job = await machine.job();
      const name = projectName('action');
      const log = await job.run([start({ ...imagesOf(engine), name }), { run: 'exit 3' }, stop]);
      expect(job.status).toBe('failure');
      const artifacts = await machine.artifacts();
      expect(Object.keys(artifacts), log).toEqual([`kcluster-${name}`]);
      const files = [...(await readTarGz(artifacts[`kcluster-${name}`]![0]!)).keys()];
      expect(files.filter((file) => file.endsWith('/logs/broker-1.log'))).toHaveLength(1);
      await nothingIsLeft(machine.cli, name);
    });

    it('runs lines on a cluster of their own', async () => {
      await using machine = await runner(undefined);
      const job = await machine.job();
      await addProgram(job);
      const lines =
        'node hello.mjs\nenv | grep ^INPUT_ || echo no inputs\nexit 7\necho not reached';
      const log = await job.run([
        start({ ...imagesOf(engine), run: lines, smoke: true, 'bundle-name': 'why' }),
        stop,
      ]);
      expect(job.status).toBe('failure');
      expect(log).toContain('sent to 1');
      expect(log).toContain('no inputs');
      expect(log).not.toContain('not reached');
      expect(errorsOf(log)).toEqual([
        expect.objectContaining({ text: expect.stringMatching(/run\.sh ended with 7$/) as string }),
      ]);
      expect(log).toContain('Process completed with exit code 7.');
      const { name, bundle } = job.outputs('kafka');
      const { why } = await machine.artifacts();
      expect(why).toHaveLength(1);
      expect(bundle).toContain(`/kcluster-${name}-`);
      expect([...(await readTarGz(why![0]!)).keys()].join()).toContain('logs/broker-1.log');
      await nothingIsLeft(machine.cli, name!);
    });

    it('has its cluster removed when the job is killed', async () => {
      await using machine = await runner(undefined);
      const job = await machine.job();
      const log = await job.run([start(imagesOf(engine))]);
      expect(job.status, log).toBe('success');
      const { name } = job.outputs('kafka');
      await job.close();
      await nothingIsLeft(machine.cli, name!);
    });
  },
  { long: ['docker'] },
);

describe.skipIf(!(await canRun('process')))('the action, with local processes', () => {
  it('keeps what tells why a cluster can not be started, and removes the rest', async () => {
    await using machine = await runner(undefined);
    const job = await machine.job();
    const name = projectName('action');
    await job.run([]);
    // A port that no broker gets: its JVM ends at once.
    const file = 'name: x\nkafka:\n  jvmOptions: [-XX:+NoSuchOption]\n';
    await writeFile(join(job.workspace, 'kcluster.yaml'), file);
    const log = await job.run([
      start({ engine: 'process', name }),
      { id: 'next', run: 'true' },
      stop,
    ]);
    expect(job.status).toBe('failure');
    expect(errorsOf(log)).toMatchObject([{ properties: { title: 'kcluster: failed to start' } }]);
    expect(Object.keys(await machine.artifacts()), log).toEqual([`kcluster-${name}`]);
    expect(job.summary.match(/^### .*/gm)).toEqual(['### ✗ kcluster\\: failed to start']);
    await nothingIsLeft(machine.cli, name);
  });

  it('fetches jars once, and has them from the cache in the next run', async () => {
    await using machine = await runner('process');
    const cache = join(machine.cli.directory, 'cache');
    const options = { env: { KCLUSTER_CACHE: cache } };
    // What the first run would fetch is fetched already on this machine.
    const known = machine.cli.env['KCLUSTER_CACHE']!;
    await cp(known, cache, { recursive: true, preserveTimestamps: true });
    const first = await machine.job(options);
    await first.run([start({ engine: 'process' }), stop]);
    expect(first.status).toBe('success');
    expect(first.lookups).toMatchObject([{ isHit: false, path: join(cache, 'jars') }]);
    expect(await readdir(join(machine.services, 'cache'))).toHaveLength(1);
    await first.close();

    await rm(cache, { recursive: true });
    // There is nowhere to fetch anything from.
    const env = { ...options.env, KCLUSTER_MAVEN_REPOSITORY: 'http://127.0.0.1:9' };
    const second = await machine.job({ env });
    const log = await second.run([start({ engine: 'process' }), stop]);
    expect(second.status, log).toBe('success');
    expect(second.lookups).toMatchObject([{ isHit: true, key: first.lookups[0]!.key }]);
    expect(await readdir(join(machine.services, 'cache'))).toHaveLength(1);

    const without = await machine.job(options);
    await without.run([start({ engine: 'process', cache: false }), stop]);
    expect(without.status).toBe('success');
    expect(without.lookups).toEqual([]);
    const other = await machine.job(options);
    await other.run([start({ engine: 'process', kafka: '3.5', file: 'nowhere.yaml' }), stop]);
    expect(other.lookups).toEqual([]);
  });

  it('takes any input as nothing but a value', async () => {
    await using machine = await runner('process');
    const value = [
      ...['$(touch x)', '`touch x`', '"; touch x; "', "'; touch x; '", ' touch x', '$INPUT_NAME'],
      ...['::stop-commands::t', 'KCLUSTER_STATE<<E', 'E', '${{ env.PATH }}', '\\'],
    ].join('\n');
    for (const input of ['file', 'brokers', 'name', 'engine', 'detach-after']) {
      const job = await machine.job();
      const log = await job.run([start({ engine: 'process', [input]: value }), stop]);
      expect(job.status, input).toBe('failure');
      expect(errorsOf(log).length, log).toBeGreaterThan(0);
      expect(readAsRunner(log).filter(({ command }) => command === 'stop-commands')).toEqual([]);
      expect(Object.keys(job.variables).filter((name) => name !== 'KCLUSTER_NAME')).toEqual([]);
      expect(await readdir(job.workspace)).toEqual([]);
      await job.close();
    }
    const job = await machine.job();
    await job.run([]);
    const folder = `a 'b' "c" $(touch x) \`touch x\``;
    await writeFile(join(job.workspace, 'a $(touch x) \'"b.yaml'), 'kafka:\n  brokers: 2\n');
    const log = await job.run([
      { run: 'mkdir "$FOLDER"; mv *.yaml "$FOLDER"', env: { FOLDER: folder } },
      start({ engine: 'process', file: 'a $(touch x) \'"b.yaml', 'working-directory': folder }),
      stop,
    ]);
    expect(job.status, log).toBe('success');
    expect(job.outputs('kafka')['bootstrap-servers']).toContain(',');
    expect(await readdir(job.workspace)).toEqual([folder]);
  });

  it("has six hours where the runner's process can't be seen, and a new name each time", async () => {
    await using machine = await runner('process');
    const job = await machine.job({ hasWorker: false });
    const log = await job.run([
      start({ engine: 'process' }),
      { ...start({ engine: 'process', 'detach-after': '90m' }), id: 'other' },
      { run: 'kcluster list --output json > clusters.json' },
      stop,
      { ...stop, with: { name: '${{ steps.kafka.outputs.name }}' } },
    ]);
    expect(job.status, log).toBe('success');
    const names = [job.outputs('kafka')['name'], job.outputs('other')['name']];
    const text = await readFile(join(job.workspace, 'clusters.json'), 'utf8');
    const { clusters } = JSON.parse(text) as { clusters: Listed[] };
    const hours = names.map((name) => {
      const { lease } = clusters.find(({ cluster }) => cluster === name)!;
      expect(lease).not.toHaveProperty('owner');
      return (lease.until! - Date.now()) / 3_600_000;
    });
    expect(hours).toEqual([expect.closeTo(6, 1), expect.closeTo(1.5, 1)]);
    for (const name of names) await nothingIsLeft(machine.cli, name!);
  });

  it('gets a Node.js where there is none that will do', async () => {
    await using machine = await runner('process');
    const old = join(machine.cli.directory, 'old');
    await execa('mkdir', [old]);
    await writeFile(join(old, 'node'), '#!/bin/sh\necho v18.20.4\n', { mode: 0o755 });
    const job = await machine.job({ env: { PATH: `${old}:${machine.cli.env['PATH']}` } });
    const log = await job.run([start({ engine: 'process' }), { run: 'node --version' }, stop]);
    expect(job.status, log).toBe('success');
    expect(log).toContain('Node.js 20 or newer is wanted; here is v18.20.4');
    expect(log).toContain(process.version);
  });

  it('stops nothing where nothing was started', async () => {
    await using machine = await runner('process');
    const job = await machine.job();
    const log = await job.run([stop]);
    expect(job.status).toBe('success');
    expect(log).toBe('no cluster was started\n');
  });

  it('makes kcluster from its checkout, once in a job', async () => {
    const fresh = await checkOut();
    await using cli = await makeCli('process', {
      npm_config_prefer_offline: 'true',
      NODE_ENV: 'production',
    });
    const machine = new Runner(cli, fresh);
    try {
      const job = await machine.job();
      const log = await job.run([start({ engine: 'process' }), stop]);
      expect(job.status, log).toBe('success');
      const groups = readAsRunner(log).filter(({ command }) => command === 'group');
      expect(
        groups.map(({ text }) => text).filter((text) => text.endsWith('install')),
      ).toHaveLength(1);
    } finally {
      await machine.close();
      await rm(fresh, { recursive: true });
    }
  });
});

describe.skipIf(!runsLong('the action, with Docker') || !(await canRun('docker')))(
  'the action, with Docker',
  () => {
    it('has images that would be pulled from the cache', async () => {
      await using machine = await runner('docker');
      const registry = `${projectName('registry')}.invalid`;
      const local = ['kcluster/kafka:3.9.2', 'kcluster/zookeeper:3.8.4'];
      const [kafka, zookeeper] = local.map((image) => `${registry}/${image}`) as [string, string];
      const file = `kafka:\n  image: ${kafka}\nzookeeper:\n  image: ${zookeeper}\n`;
      const run = async (): Promise<{ job: Job; log: string }> => {
        const job = await machine.job();
        await job.run([]);
        await writeFile(join(job.workspace, 'kcluster.yaml'), file);
        return { job, log: await job.run([start({ engine: 'docker', images: 'local' }), stop]) };
      };
      const first = await run();
      expect(first.job.status, first.log).toBe('failure');
      expect(first.log).toContain(`cannot fetch image ${registry}`);
      expect(first.job.lookups).toMatchObject([{ isHit: false }]);
      const { path, key } = first.job.lookups[0]!;

      // What a run that could pull them would have kept.
      const entry = entryOf(machine, path, key);
      try {
        await execa('docker', ['tag', local[0]!, kafka]);
        await execa('docker', ['tag', local[1]!, zookeeper]);
        const outputs = join(machine.cli.directory, 'outputs');
        await execa(join(checkout, 'action', 'images.sh'), ['save'], {
          env: {
            INPUT_PATH: entry,
            INPUT_IMAGES: `${kafka}\n${zookeeper}`,
            GITHUB_OUTPUT: outputs,
          },
        });
        expect(readVariables(await readFile(outputs, 'utf8'))).toEqual({ saved: 'true' });
        await execa('docker', ['rmi', kafka, zookeeper]);
        const second = await run();
        expect(second.job.status, second.log).toBe('success');
        expect(second.job.lookups).toEqual([{ path, key, isHit: true }]);
        expect(second.log).toContain(`Loaded image: ${kafka}`);
      } finally {
        await execa('docker', ['rmi', kafka, zookeeper], { reject: false });
      }
    });

    it('goes on without a cache that does not work', async () => {
      const script = join(checkout, 'action', 'images.sh');
      await using cli = await makeCli('docker');
      const env = {
        INPUT_PATH: join(cli.directory, 'images'),
        INPUT_IMAGES: 'kct/none:1',
        GITHUB_OUTPUT: '/dev/null',
      };
      const saved = await execa(script, ['save'], { env });
      expect(saved.stdout).toBe(
        '::warning title=kcluster::the images could not be saved for the cache',
      );
      const loaded = await execa(script, ['load'], { env });
      expect(loaded.stdout).toBe(
        '::warning title=kcluster::the images of the cache could not be loaded',
      );
    });
  },
);
