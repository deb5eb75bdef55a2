import fc from 'fast-check';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ExitCode, KclusterError } from '../../src/errors.js';
import type { Event } from '../../src/report/events.js';
import { printFailure, printOutcome, streamLine } from '../../src/report/outcome.js';
import { rendererFor } from '../../src/report/renderer.js';
import { clusterSummary, failureSummary, smokeSummary } from '../../src/report/summary.js';
import { harmless, harmlessJson, workflowCommand } from '../../src/report/workflow-commands.js';
import { terminal } from '../helpers/terminal.js';
import { readAsRunner } from '../helpers/workflow-runner.js';

const fetched: Event[] = [
  { type: 'step-started', step: { kind: 'fetch-image', image: 'zookeeper:3.9.5' }, cause: 'used' },
  { type: 'progress', task: 'zookeeper:3.9.5', current: 1_500_000, total: 3_000_000 },
  { type: 'step-done', step: { kind: 'fetch-image', image: 'zookeeper:3.9.5' }, ms: 1234 },
];

async function shown(events: readonly Event[]): Promise<string> {
  const { written, terminal: target } = terminal({ NO_COLOR: '1' });
  const renderer = await rendererFor('github', target);
  for (const event of events) renderer.emit(event);
  renderer.close();
  renderer.close();
  expect(written.stdout).toBe('');
  return written.stderr;
}

const folder = await mkdtemp(join(tmpdir(), 'kcluster-summary-'));
afterAll(async () => await rm(folder, { recursive: true }));

describe('events in a job of GitHub Actions', () => {
  it('have the steps in a group, and annotations for what is to be seen', async () => {
    const output = await shown([
      { type: 'engine', engine: 'docker', description: 'Docker 20.10', reason: 'it answers' },
      { type: 'warning', message: '100% full,\nsoon: really' },
      ...fetched,
      { type: 'notice', message: 'topic orders is created', changed: true },
      { type: 'step-started', step: { kind: 'await-brokers' }, cause: 'last' },
      { type: 'step-done', step: { kind: 'await-brokers' }, ms: 20 },
      { type: 'check-started', name: 'records, twice' },
      { type: 'check', name: 'records, twice', ok: false, ms: 3, detail: 'expected 1; saw 2' },
      { type: 'check-started', name: 'fine' },
      { type: 'check', name: 'fine', ok: true, ms: 3, detail: 'fine' },
      { type: 'notice', message: 'every broker is replaced at once' },
    ]);
    expect(output).toMatchInlineSnapshot(`
      "docker engine: Docker 20.10 (it answers)
      ::warning title=kcluster::100%25 full,%0Asoon: really
      ::group::kcluster: steps
      zookeeper:3.9.5: 1.5 MB of 3.0 MB
      ✓ image zookeeper:3.9.5 is here 1.23 s
      topic orders is created
      ✓ brokers are ready 0.02 s
      ::endgroup::
      ::error title=smoke%3A records%2C twice::expected 1; saw 2
      ::notice title=kcluster::every broker is replaced at once
      "
    `);
    const commands = readAsRunner(output).filter(({ command }) => command !== undefined);
    expect(commands).toEqual([
      {
        command: 'warning',
        properties: { title: 'kcluster' },
        text: '100% full,\nsoon: really',
      },
      { command: 'group', properties: {}, text: 'kcluster: steps' },
      { command: 'endgroup', properties: {}, text: '' },
      {
        command: 'error',
        properties: { title: 'smoke: records, twice' },
        text: 'expected 1; saw 2',
      },
      {
        command: 'notice',
        properties: { title: 'kcluster' },
        text: 'every broker is replaced at once',
      },
    ]);
  });

  it('have their group closed at the end, and another for what comes after checks', async () => {
    const check: Event = { type: 'check-started', name: 'a' };
    const output = await shown([...fetched, check, ...fetched]);
    expect(readAsRunner(output).flatMap(({ command }) => command ?? [])).toEqual([
      'group',
      'endgroup',
      'group',
      'endgroup',
    ]);
  });
});

describe('a workflow command', () => {
  it('is read as it was meant, whatever its texts are', () => {
    const anyText = fc.string({
      unit: fc.constantFrom('%', '0', 'A', '2', 'C', '3', ':', ',', ';', '=', '\r', '\n', ' ', 'a'),
      minLength: 1,
    });
    fc.assert(
      // The runner drops white space around the list of properties.
      fc.property(anyText, anyText, (middle, text) => {
        const properties = { title: `a${middle}z` };
        const read = readAsRunner(workflowCommand('error', text, properties));
        expect(read).toEqual([{ command: 'error', properties, text }]);
      }),
    );
  });
});

describe('text of nodes and users', () => {
  const attacks = [
    '::error::x',
    ' \t::error title=a::x',
    'fine\r::stop-commands::token',
    '\u200B::error::x',
    ':\u00AD:error::x',
    '\u0640::error::x',
    '\uFE73:\u1CD3:error::x',
    '\u0000::error::x',
    '\u0085::error::x',
    'fine ##[error]x',
    'fine #\u200B#[add-mask]x',
    'fine ###[error]x',
  ];

  it.each(attacks)('is no command: %j', (text) => {
    expect(readAsRunner(harmless(text)).every(({ command }) => command === undefined)).toBe(true);
    const json = harmlessJson({ text: [text] }, 2);
    expect(readAsRunner(json).every(({ command }) => command === undefined)).toBe(true);
    expect(JSON.parse(json)).toEqual({ text: [text] });
  });

  it('is one for the test where nothing is done about it', () => {
    for (const text of attacks)
      expect(readAsRunner(text).some(({ command }) => command !== undefined)).toBe(true);
  });

  it('is no command, whatever it is, and stays as it is where it looks like none', () => {
    const parts = ['::', ':', '##[', '#', '[', ']', 'error', 'add-mask', ' ', '\n', '\r', '\u200B'];
    const anyText = fc.string({ unit: fc.oneof(fc.constantFrom(...parts), fc.string()) });
    fc.assert(
      fc.property(anyText, (text) => {
        const lines = readAsRunner(harmless(text));
        expect(lines.filter(({ command }) => command !== undefined)).toEqual([]);
      }),
      { numRuns: 2000 },
    );
    const usual = 'http://[::1]:9092 is up\n  # a comment: [x] # [y]\nbroker-1 | a::b';
    expect(harmless(usual)).toBe(usual);
  });

  it('comes to the log by no way as a command', async () => {
    const text = 'a\n::error::x\r::warning::y ##[error]z';
    const step = { kind: 'fetch-image', image: text } as const;
    const { written, terminal: target } = terminal({ NO_COLOR: '1' });
    printOutcome({ exitCode: ExitCode.ok, data: text, text: () => text }, 'github', target);
    target.stdout.write(streamLine(text, 'github'));
    printFailure(
      new KclusterError('conflict', text, { details: [text], hints: [text] }),
      'github',
      {
        ...target,
      },
    );
    const steps = await shown([
      { type: 'engine', engine: 'docker', description: text, reason: text },
      { type: 'step-started', step, cause: text },
      { type: 'progress', task: text, current: 1 },
      { type: 'step-done', step, ms: 1 },
      { type: 'step-failed', step, ms: 1, message: text },
      { type: 'notice', message: text, changed: true },
      { type: 'notice', message: text },
      { type: 'warning', message: text },
      { type: 'check', name: text, ok: false, ms: 1, detail: text },
    ]);
    const read = readAsRunner(written.stdout + written.stderr + steps);
    const commands = read.filter(({ command }) => command !== undefined);
    expect(commands.map(({ command }) => command)).toEqual([
      'error',
      'group',
      'notice',
      'warning',
      'error',
      'endgroup',
    ]);
    for (const command of commands.filter(({ properties }) => properties['title']))
      expect(command.text).toContain(text);
  });
});

describe('a result in a job of GitHub Actions', () => {
  const outcome = {
    exitCode: ExitCode.ok,
    data: {},
    text: () => 'it is up',
    summary: () => '### up',
  };

  it('is on stdout once, and in the summary of the step after what was there', async () => {
    const path = join(folder, 'result.md');
    await writeFile(path, 'before');
    const { written, terminal: target } = terminal({ GITHUB_STEP_SUMMARY: path });
    printOutcome(outcome, 'github', target);
    expect(written).toEqual({ stdout: 'it is up\n', stderr: '' });
    expect(await readFile(path, 'utf8')).toBe('before\n### up\n');
  });

  it.each([
    ['plain', 'result-plain.md'],
    ['json', 'result-json.md'],
  ] as const)('is in no summary in %s', async (mode, name) => {
    const path = join(folder, name);
    printOutcome(outcome, mode, terminal({ GITHUB_STEP_SUMMARY: path }).terminal);
    await expect(readFile(path)).rejects.toThrow('ENOENT');
  });

  it('stays a result where the summary can not be written', () => {
    const { written, terminal: target } = terminal({ GITHUB_STEP_SUMMARY: folder });
    printOutcome(outcome, 'github', target);
    expect(written.stdout).toBe('it is up\n');
    expect(readAsRunner(written.stderr)).toMatchObject([
      { command: 'warning', text: expect.stringContaining("can't be written: EISDIR") as string },
    ]);
  });
});

describe('a failure in a job of GitHub Actions', () => {
  it('is an annotation with what to do, and in the log and the summary with all', async () => {
    const path = join(folder, 'failure.md');
    const { written, terminal: target } = terminal({ GITHUB_STEP_SUMMARY: path });
    const failure = new KclusterError('conflict', 'port 9092 is taken', {
      details: ['9092, for broker-1: held by java (pid 7)'],
      hints: ['Take free ports with `--ports auto`.'],
    });
    expect(printFailure(failure, 'github', target)).toBe(5);
    expect(written.stdout).toBe('');
    expect(readAsRunner(written.stderr)).toEqual([
      { properties: {}, text: 'error: port 9092 is taken' },
      { properties: {}, text: '  9092, for broker-1: held by java (pid 7)' },
      { properties: {}, text: 'hint: Take free ports with `--ports auto`.' },
      {
        command: 'error',
        properties: { title: 'kcluster: conflict' },
        text: 'port 9092 is taken\nTake free ports with `--ports auto`.',
      },
    ]);
    expect(await readFile(path, 'utf8')).toBe(`\n${failureSummary(failure)}\n`);
  });

  it('that nobody foresaw is a bug', () => {
    const { written, terminal: target } = terminal();
    expect(printFailure(new TypeError('x is not a function'), 'github', target)).toBe(70);
    expect(readAsRunner(written.stderr).at(-1)).toEqual({
      command: 'error',
      properties: { title: 'kcluster: a bug in kcluster' },
      text: 'x is not a function',
    });
  });
});

describe('a summary', () => {
  const hostile = '`a` | <b> *c* [d](e) @f #1\n$g$ ~h~ \\| ```';

  it('of a cluster has where to connect and every check', () => {
    const cluster = {
      bootstrapServers: '127.0.0.1:9092',
      zookeeperConnect: '127.0.0.1:2181',
      places: [
        { from: 'host', clients: 'clients on this machine', bootstrapServers: '127.0.0.1:9092' },
        { from: 'network', clients: 'containers', bootstrapServers: 'broker-1:29092' },
      ],
    };
    const checks = [
      { name: 'topic created', ok: true, ms: 540, expected: '1', seen: '1 partition' },
      { name: 'records', ok: false, ms: 20, expected: 'a|b', seen: hostile },
    ];
    expect(
      clusterSummary('cluster "ci" is up after 6.88 s', cluster, {
        cluster: 'ci',
        ok: false,
        checks,
      }),
    ).toMatchInlineSnapshot(`
      "### cluster "ci" is up after 6.88 s

      | to connect to | address |
      | --- | --- |
      | Kafka | \`127.0.0.1:9092\` |
      | Kafka for containers | \`broker-1:29092\` |
      | ZooKeeper | \`127.0.0.1:2181\` |

      smoke\\: 1 of 2 checks failed

      |  | check | result | time |
      | --- | --- | --- | --- |
      | ✓ | topic created | 1 partition | 0.54 s |
      | ✗ | records | expected a\\|b; saw \\\`a\\\` \\| \\<b\\> \\*c\\* \\[d\\](e) \\@f \\#1 \\$g\\$ \\~h\\~ \\\\\\| \\\`\\\`\\\` | 0.02 s |"
    `);
  });

  it('of a failure has its hints, and details as they are', () => {
    const failure = new KclusterError('startFailed', `\`broker-1\` ended with 1: ${hostile}`, {
      details: ['``` # not a heading', '<script>'],
      hints: ['Look at `kcluster logs | less`, @you.'],
    });
    expect(failureSummary(failure)).toMatchInlineSnapshot(`
      "### ✗ kcluster\\: failed to start

      \`broker-1\` ended with 1\\: \`a\` \\| \\<b\\> \\*c\\* \\[d\\](e) \\@f \\#1 \\$g\\$ \\~h\\~ \\\\\\| \\\`\\\`\\\`

      - Look at \`kcluster logs | less\`, \\@you.

      \`\`\`\`text
      \`\`\` # not a heading
      <script>
      \`\`\`\`"
    `);
  });

  it('of checks names the cluster', () => {
    expect(smokeSummary({ cluster: 'my_ci', ok: true, checks: [] })).toMatch(
      /^### cluster "my\\_ci"/,
    );
  });
});
