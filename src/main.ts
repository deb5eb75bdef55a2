#!/usr/bin/env node
import { run } from './cli/run.js';
import { ExitCode } from './errors.js';
import { Interrupts } from './system/interrupts.js';
import { kclusterVersion } from './system/version.js';

const version = kclusterVersion();

// A reader that went away, as in `kcluster logs | head`, is no failure; any other run goes on to its exit code.
process.stdout.on('error', () => {
  if (process.argv[2] === 'logs') process.exit(ExitCode.ok);
});
process.stderr.on('error', () => undefined);

// An empty variable counts as unset.
if (process.env['KCLUSTER_NAME'] === '') delete process.env['KCLUSTER_NAME'];
if (process.env['KCLUSTER_ENGINE'] === '') delete process.env['KCLUSTER_ENGINE'];
if (process.env['KCLUSTER_OUTPUT'] === '') delete process.env['KCLUSTER_OUTPUT'];

const argv = process.argv.slice(2);
if (argv[0] === 'completion-server') {
  const { serveCompletion } = await import('./cli/completion-server.js');
  await serveCompletion(version, process.env);
} else if (argv[0] === 'reaper') {
  const { serveReaper } = await import('./cli/reaper.js');
  await serveReaper(argv.slice(1), process.env);
} else if (argv[0] === 'archive-recorder') {
  const { serveArchiveRecorder } = await import('./cli/archive-recorder.js');
  const interrupts = new Interrupts(() => process.exit(ExitCode.interrupted));
  await serveArchiveRecorder(argv.slice(1), process.env, interrupts.signal);
} else if (argv[0] === 'pool-keeper') {
  const { servePoolKeeper } = await import('./cli/pool-keeper.js');
  const interrupts = new Interrupts(() => process.exit(ExitCode.interrupted));
  await servePoolKeeper(process.env, interrupts.signal);
} else {
  const terminal = { stdout: process.stdout, stderr: process.stderr, env: process.env };
  // The first signal asks the run to undo what it made; the second leaves at once, and `kcluster down` finishes the job.
  const interrupts = new Interrupts(() => process.exit(ExitCode.interrupted));
  process.exitCode = await run(argv, version, terminal, interrupts);
}
