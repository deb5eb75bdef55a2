// The process of the runner that a job's steps are children of: it runs what it is told to, and says how it ended.
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

process.on('message', ({ args: [program, ...args], cwd, env, log }) => {
  const file = openSync(log, 'a');
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', file, file] });
  child.once('error', (error) => process.send({ error: error.message }));
  child.once('exit', (exitCode) => process.send({ exitCode }));
});
process.once('disconnect', () => process.exit());
