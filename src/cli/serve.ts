import { ExitCode } from '../errors.js';
import { Interrupts } from '../system/interrupts.js';
import { kclusterVersion } from '../system/version.js';
import { run } from './run.js';

/**
 * Does what this process is there for: a command line of a user, or one by which kcluster starts itself in the
 * background.
 */
export async function serve(argv: readonly string[]): Promise<void> {
  const { env } = process;
  bearLostReaders(argv);
  forgetEmptyVariables(env);
  const version = kclusterVersion();
  if (argv[0] === 'completion-server') {
    const { serveCompletion } = await import('./completion-server.js');
    await serveCompletion(version, env);
  } else if (argv[0] === 'reaper') {
    const { serveReaper } = await import('./reaper.js');
    await serveReaper(argv.slice(1), env);
  } else if (argv[0] === 'archive-recorder') {
    const { serveArchiveRecorder } = await import('./archive-recorder.js');
    await serveArchiveRecorder(argv.slice(1), env, hearSignals().signal);
  } else if (argv[0] === 'pool-keeper') {
    const { servePoolKeeper } = await import('./pool-keeper.js');
    await servePoolKeeper(env, hearSignals().signal);
  } else {
    const terminal = { stdout: process.stdout, stderr: process.stderr, env };
    process.exitCode = await run(argv, version, terminal, hearSignals());
  }
}

/** The first signal asks the run to undo what it made; the second leaves at once, and `kcluster down` finishes the job. */
function hearSignals(): Interrupts {
  return new Interrupts(() => process.exit(ExitCode.interrupted));
}

/** A reader that went away, as in `kcluster logs | head`, is no failure; any other run goes on to its exit code. */
function bearLostReaders(argv: readonly string[]): void {
  process.stdout.on('error', () => {
    if (argv[0] === 'logs') process.exit(ExitCode.ok);
  });
  process.stderr.on('error', () => undefined);
}

/** An empty variable counts as unset. */
function forgetEmptyVariables(env: NodeJS.ProcessEnv): void {
  if (env['KCLUSTER_NAME'] === '') delete env['KCLUSTER_NAME'];
  if (env['KCLUSTER_ENGINE'] === '') delete env['KCLUSTER_ENGINE'];
  if (env['KCLUSTER_OUTPUT'] === '') delete env['KCLUSTER_OUTPUT'];
}
