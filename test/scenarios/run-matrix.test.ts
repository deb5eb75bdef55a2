import { execa } from 'execa';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { connectDocker } from '../../src/engines/docker/connect.js';
import { pinnedVersions } from '../../src/jars/lock.js';
import type { Event } from '../../src/report/events.js';
import type { MatrixReport } from '../../src/report/matrix-text.js';
import { leftovers, makeCli, type Cli } from '../helpers/cli.js';
import { projectName, testBase } from '../helpers/engines.js';
import { junitProblems } from '../helpers/junit-schema.js';
import { canRun } from '../helpers/require.js';

/** Says what it was given on both streams, leaves its last line without an end, and fails on one cell. */
const script = `
echo "on $KCLUSTER_MATRIX_KAFKA $KCLUSTER_MATRIX_BROKERS: $KCLUSTER_NAME $KAFKA_BOOTSTRAP_SERVERS"
echo "told to stderr" >&2
printf 'no end'
[ "$KCLUSTER_MATRIX_KAFKA-$KCLUSTER_MATRIX_BROKERS" != "$BAD" ] || exit 7
`;
const command = ['--', 'sh', '-c', script];
const cellPrefix = /^\[kafka=[\d.]+ brokers=\d\] /;

const processes = await canRun('process');
const docker = await canRun('docker');

/** The reaper goes a moment after the last lease. */
async function expectNothingLeft(cli: Cli, clusters: readonly string[]): Promise<void> {
  for (const name of clusters)
    await expect.poll(async () => await remains(cli, name), { timeout: 20_000 }).toEqual([]);
}

/** A daemon's reaper stays for the leases of others. */
async function remains(cli: Cli, name: string): Promise<string[]> {
  const reapers = join(cli.directory, 'state', 'reapers', 'docker-');
  const all = await leftovers(cli, name);
  return all.filter((line) => !line.startsWith(`file ${reapers}`));
}

async function junitIn(cli: Cli, file: string): Promise<string> {
  const xml = await readFile(join(cli.directory, file), 'utf8');
  expect(await junitProblems(xml)).toEqual([]);
  return xml;
}

describe.skipIf(!processes)('run --matrix', () => {
  it('tells of every cell, of one that fails too, as a document and as JUnit XML', async () => {
    await using cli = await makeCli('process');
    const name = projectName('mx');
    const axes = ['--matrix', 'kafka=2.8,3.9', '--matrix', 'brokers=1,2'];
    const flags = ['--name', name, '--jobs', '2', '--junit', 'runs.xml', '--bundle', 'bundles'];
    const { exitCode, stdout, stderr } = await cli.run(['run', ...axes, ...flags, ...command], {
      KCLUSTER_OUTPUT: 'json',
      BAD: '3.9-2',
    });
    expect(exitCode, stderr).toBe(1);
    const report = JSON.parse(stdout) as MatrixReport;
    const clusters = [
      `${name}-kafka2_8-brokers1`,
      `${name}-kafka2_8-brokers2`,
      `${name}-kafka3_9-brokers1`,
      `${name}-kafka3_9-brokers2`,
    ];
    expect(report).toMatchObject({
      ok: false,
      command: command.slice(1),
      cells: clusters.map((cluster, index) => ({
        cluster,
        cell: `kafka=${index < 2 ? '2.8' : '3.9'} brokers=${(index % 2) + 1}`,
        values: { kafka: index < 2 ? '2.8' : '3.9', brokers: String((index % 2) + 1) },
        result: index === 3 ? 'failed' : 'passed',
        exitCode: index === 3 ? 7 : 0,
      })),
    });
    for (const { startMs, commandMs } of report.cells)
      expect([startMs, commandMs].every((ms) => typeof ms === 'number' && ms > 0)).toBe(true);

    const [archive] = await readdir(join(cli.directory, 'bundles'));
    expect(report.cells.map(({ bundle }) => bundle)).toEqual([
      undefined,
      undefined,
      undefined,
      join(cli.directory, 'bundles', archive!),
    ]);
    const lines = stderr.split('\n');
    const events = lines
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Event);
    expect(events.map(({ type }) => type)).toContain('command-ended');
    const others = lines.filter((line) => !line.startsWith('{'));
    expect(others).toHaveLength(12);
    for (const line of others) expect(line).toMatch(cellPrefix);
    expect(others.filter((line) => line.endsWith('] no end'))).toHaveLength(4);
    const given = new RegExp(`on 2.8 2: ${clusters[1]!} 127.0.0.1:\\d+,127.0.0.1:\\d+$`);
    expect(others.find((line) => line.startsWith('[kafka=2.8 brokers=2] on'))).toMatch(given);

    const xml = await junitIn(cli, 'runs.xml');
    expect(xml).toContain('tests="4" failures="1" errors="0"');
    for (const { cell } of report.cells)
      expect(xml).toContain(`<testcase name="${cell}" classname="kcluster.run"`);
    expect(xml).toMatch(/<failure message="sh -c [^>]* ended with 7">[^<]*on 3\.9 2: [^<]*no end/);
    await expectNothingLeft(cli, clusters);
  });

  it('gives each command the terminal, one after the other, and stops by --fail-fast', async () => {
    await using cli = await makeCli('process');
    const name = projectName('ff');
    const flags = ['--name', name, '--fail-fast', '--no-bundle', '--brokers', '1'];
    const axes = ['--matrix', 'kafka=2.8,3.9'];
    const { exitCode, stdout, stderr } = await cli.run(['run', ...axes, ...flags, ...command], {
      BAD: '2.8-',
      KCLUSTER_OUTPUT: 'plain',
    });
    expect(exitCode, stderr).toBe(1);
    const [first, second = '', ...rows] = stdout.split('\n');
    expect(first).toMatch(new RegExp(`^on 2\\.8 : ${name}-kafka2_8 127`));
    // The command's own streams are as it left them.
    expect(second).toMatch(/^no endcell +result +start +command$/);
    expect(rows.join('\n')).toMatch(
      /^kafka=2\.8 +failed with 7 +\d\S+ s +\d\S+ s\nkafka=3\.9 +cancelled\n2 of 2 cells did not pass in \S+ s: 1 failed, 1 cancelled$/,
    );
    expect(stderr).toContain(`a matrix of 2 cells\n[kafka=2.8] cluster "${name}-kafka2_8"\n`);
    expect(stderr).toContain('\ntold to stderr\n');
    await expectNothingLeft(cli, [`${name}-kafka2_8`, `${name}-kafka3_9`]);
  });

  it('has a group for each cell in a job of GitHub Actions, also side by side', async () => {
    await using cli = await makeCli('process');
    const name = projectName('gh');
    const flags = ['--name', name, '--jobs', '2', '--no-bundle'];
    const axes = ['--matrix', 'kafka=2.8,3.9', '--matrix', 'brokers=1'];
    const summary = join(cli.directory, 'summary.md');
    const { exitCode, stdout, stderr } = await cli.run(['run', ...axes, ...flags, ...command], {
      KCLUSTER_OUTPUT: 'github',
      GITHUB_STEP_SUMMARY: summary,
      BAD: '3.9-1',
    });
    expect(exitCode, stderr).toBe(1);
    const marks = stderr
      .split('\n')
      .filter((line) => line.startsWith('::') || line.startsWith('$ '));
    const one = (kafka: string): unknown[] => [
      `::group::kafka=${kafka} brokers=1, cluster "${name}-kafka${kafka.replace('.', '_')}-brokers1"`,
      expect.stringMatching(/^\$ sh -c/),
      '::endgroup::',
      ...(kafka === '3.9' ? ['::error title=kafka=3.9 brokers=1::failed with 7'] : []),
    ];
    expect([
      [...one('2.8'), ...one('3.9')],
      [...one('3.9'), ...one('2.8')],
    ]).toContainEqual(marks);
    expect(stdout).toContain('kafka=3.9 brokers=1  failed with 7');
    expect(await readFile(summary, 'utf8')).toContain(
      '| ✗ | kafka=3.9 brokers=1 | failed with 7 |',
    );
    await expectNothingLeft(cli, [`${name}-kafka2_8-brokers1`, `${name}-kafka3_9-brokers1`]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'that is ended by %s tells the commands, cleans up and begins no further cell',
    async (signal) => {
      await using cli = await makeCli('process');
      const name = projectName('int');
      const flags = ['--name', name, '--jobs', '2', '--junit', 'runs.xml', '--no-bundle'];
      const axes = ['--matrix', 'brokers=1,2,3'];
      const waits = `trap 'echo told; exit 3' INT TERM; echo ready; while :; do sleep 0.1; done`;
      const child = cli.spawn(['run', ...axes, ...flags, '--', 'sh', '-c', waits], {
        KCLUSTER_OUTPUT: 'json',
      });
      await seen(child, (line) => line.endsWith('] ready'), 2);
      child.kill(signal);
      const { exitCode, stdout, stderr } = await child;
      expect(exitCode, stderr).toBe(130);
      const report = JSON.parse(stdout) as MatrixReport;
      expect(report.cells).toMatchObject([
        { cell: 'brokers=1', result: 'cancelled', exitCode: 3 },
        { cell: 'brokers=2', result: 'cancelled', exitCode: 3 },
        { cell: 'brokers=3', result: 'cancelled' },
      ]);
      expect(report.cells[2]).not.toHaveProperty('startMs');
      expect(stderr.split('\n').filter((line) => line.endsWith('] told'))).toHaveLength(2);
      expect(await junitIn(cli, 'runs.xml')).toContain('tests="3" failures="0" errors="3"');
      await expectNothingLeft(
        cli,
        [1, 2, 3].map((brokers) => `${name}-brokers${brokers}`),
      );
    },
  );

  it('that is ended while clusters start takes them back; a second signal leaves at once', async () => {
    await using cli = await makeCli('process');
    const name = projectName('two');
    const run = ['run', '--name', name, '--jobs', '2', '--matrix', 'brokers=1,2', '--', 'true'];
    const starting = cli.spawn(run, { KCLUSTER_OUTPUT: 'json' });
    await seen(starting, (line) => line.startsWith('{"type":"waiting"'), 2);
    starting.kill('SIGINT');
    const { exitCode, stdout } = await starting;
    expect(exitCode).toBe(130);
    const { cells } = JSON.parse(stdout) as MatrixReport;
    expect(cells.map(({ result }) => result)).toEqual(['cancelled', 'cancelled']);
    const clusters = [`${name}-brokers1`, `${name}-brokers2`];
    await expectNothingLeft(cli, clusters);

    const deaf = ['--', 'sh', '-c', `trap '' INT; echo ready; while :; do sleep 0.1; done`];
    const stuck = cli.spawn([...run.slice(0, -2), ...deaf], { KCLUSTER_OUTPUT: 'json' });
    await seen(stuck, (line) => line.endsWith('] ready'), 2);
    stuck.kill('SIGINT');
    stuck.kill('SIGINT');
    await execa('kill', ['-INT', String(stuck.pid)], { reject: false });
    expect((await stuck).exitCode).toBe(130);
    await expectNothingLeft(cli, clusters);
  });
});

describe('run --matrix that can not be', () => {
  it.skipIf(!processes)(
    'has every problem of every cell told before anything is made',
    async () => {
      await using cli = await makeCli('process');
      const axes = ['kafka=2.8,4.0', 'brokers=1,x', 'kafak=3', 'images='];
      const flags = axes.flatMap((axis) => ['--matrix', axis]);
      const run = ['run', ...flags, '--zookeepers', '2', '--', 'touch', 'made'];
      const { exitCode, stderr, stdout } = await cli.run(run, { NO_COLOR: '1' });
      expect(stdout).toBe('');
      expect(stderr).toMatchInlineSnapshot(`
        "error: the matrix is not one that can be run
          --matrix kafak=3: there is no axis "kafak"; did you mean "kafka"?
          --matrix images=: a value is empty
          --zookeepers: an ensemble of 2 survives no more failures than one of 1; take 1 or 3, or say --even-ensemble (zookeeper.evenEnsemble)
          [brokers=x] --brokers: the number of brokers is 1 to 9, not "x"
          [kafka=4.0] --kafka: Kafka 4.0 has no ZooKeeper mode: 3.9 is the last line that has one
        hint: An axis is a flag and its values: \`kcluster run --matrix kafka=2.8,3.9 --matrix brokers=1,3 -- npm test\`.
        hint: See \`kcluster <command> --help\` for what each flag takes."
      `);
      expect(exitCode).toBe(2);
      expect(await readdir(cli.directory)).toEqual(['state']);
    },
  );

  it.skipIf(!processes)('is invalid where the axes are fine and a cell is not', async () => {
    await using cli = await makeCli('process');
    const axes = ['--matrix', 'kafka=3.9', '--matrix', 'zookeepers=1,2', '--jobs', '2'];
    const run = ['run', ...axes, '--kafka-port', '9092', '--', 'true'];
    const { exitCode, stderr } = await cli.run(run, { NO_COLOR: '1' });
    expect(stderr).toMatchInlineSnapshot(`
      "error: the matrix is not one that can be run
        [kafka=3.9 zookeepers=1] --jobs: clusters at the same time have no ports in common
        [kafka=3.9 zookeepers=2] --zookeepers: an ensemble of 2 survives no more failures than one of 1; take 1 or 3, or say --even-ensemble (zookeeper.evenEnsemble)
      hint: Take free ones with \`--ports auto\` (ports: auto), or leave \`--jobs\` out.
      hint: See \`kcluster <command> --help\` for what each flag takes."
    `);
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--jobs', '2'], '--jobs: there are no cells to run'],
    [['--fail-fast', '--jobs', '2'], '--jobs and --fail-fast: there are no cells to run'],
    [['--matrix', 'brokers=1,2', '--jobs', '0'], 'It is a whole number above 0'],
    [['--matrix', 'brokers=1,2', '--junit', 'no/such/file'], "no/such/file can't be written"],
  ])('%j is refused, with 2', async (flags, message) => {
    await using cli = await makeCli('process');
    const { exitCode, stderr } = await cli.run(['run', ...flags, '--', 'true']);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(2);
  });
});

describe.skipIf(!processes)('run --junit', () => {
  it('writes the one case of a run without a matrix, whose exit code it passes on', async () => {
    await using cli = await makeCli('process');
    const flags = ['--name', projectName('one'), '--junit', 'run.xml', '--no-bundle'];
    const { exitCode, stdout } = await cli.run(['run', ...flags, ...command], { BAD: '-' });
    expect(exitCode).toBe(7);
    expect(stdout).toMatch(/^on {2}: \S+ 127\.0\.0\.1:\d+\nno end$/);
    const xml = await junitIn(cli, 'run.xml');
    expect(xml).toContain('tests="1" failures="1" errors="0"');
    expect(xml).toMatch(/<failure message="sh -c [^>]* ended with 7">/);
    await expectNothingLeft(cli, [flags[1]!]);
  });

  it('says why the command was not run', async () => {
    await using cli = await makeCli('process');
    const flags = ['--kafka', '4.0', '--junit', 'run.xml'];
    const { exitCode } = await cli.run(['run', ...flags, '--', 'true']);
    expect(exitCode).toBe(3);
    const xml = await junitIn(cli, 'run.xml');
    expect(xml).toContain('tests="1" failures="0" errors="1"');
    expect(xml).toContain('--kafka: Kafka 4.0 has no ZooKeeper mode');
  });
});

describe.skipIf(!docker)('run --matrix on Docker', () => {
  it('runs cells of two versions', async () => {
    await using cli = await makeCli('docker');
    await buildOldest();
    const name = projectName('dk');
    const axes = ['--matrix', 'kafka=2.8,3.9', '--matrix', 'brokers=1'];
    const run = ['run', ...axes, '--images', 'local', '--name', name, '--jobs', '2', ...command];
    const { exitCode, stdout, stderr } = await cli.run(run, { KCLUSTER_OUTPUT: 'plain', BAD: '' });
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/^\[kafka=2\.8 brokers=1\] on 2\.8 1: \S+ 127\.0\.0\.1:\d+$/m);
    expect(stdout).toMatch(/^\[kafka=3\.9 brokers=1\] no end$/m);
    expect(stdout).toMatch(/^all 2 cells passed in /m);
    expect(stderr).toMatch(/^\[kafka=3\.9 brokers=1\] told to stderr$/m);
    for (const line of stderr.split('\n').slice(1)) expect(line).toMatch(cellPrefix);
    await expectNothingLeft(cli, [`${name}-kafka2_8-brokers1`, `${name}-kafka3_9-brokers1`]);
  });
});

/** The images of the oldest version; those of the default one are built before all tests. */
async function buildOldest(): Promise<void> {
  const engine = await connectDocker(process.env);
  await engine.buildImages!({
    kafkaVersion: pinnedVersions()[0]!,
    base: testBase,
    signal: new AbortController().signal,
    emit: () => undefined,
  });
  await engine.close();
}

/** Resolves once the run has told so many lines that pass the test. @throws Error when it ends before */
async function seen(
  child: ReturnType<Cli['spawn']>,
  test: (line: string) => boolean,
  count: number,
): Promise<void> {
  let left = count;
  const reached = new Promise<void>((resolve) => {
    createInterface({ input: child.stderr }).on('line', (line) => {
      if (test(line)) left -= 1;
      if (left === 0) resolve();
    });
  });
  const early = child.then(({ exitCode, stderr }) => {
    throw new Error(`ended with ${exitCode} before its time: ${stderr}`);
  });
  early.catch(() => undefined);
  await Promise.race([reached, early]);
}
