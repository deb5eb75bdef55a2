import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';

/** What a shell, `ps` or a file of properties might take for something else. */
const odd = 'a b ä 🙂 \' "\n2';

await describeEngines(
  'directories of odd names',
  (engine) => {
    it('have a run that leaves nothing', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('odd');
      const home = join(cli.directory, odd);
      mkdirSync(home);
      const env = { HOME: home, KCLUSTER_STATE: join(cli.directory, 'state', odd) };
      const run = await cli.run(['run', '--name', name, ...upFlags[engine], '--', 'true'], env);
      expect(run).toMatchObject({ exitCode: 0 });
      expect((await cli.run(['prune'], env)).exitCode).toBe(0);
      const left = await leftovers(cli, name);
      // The reaper may be about to leave.
      expect(left.filter((each) => !/reaper/.test(each))).toEqual([]);
    });
  },
  { long: ['docker'] },
);

await describeEngines(
  'a home that is not there',
  (engine) => {
    it('has its cluster in the temporary directory, where down finds it', async () => {
      await using cli = await makeCli(engine);
      const name = projectName('homeless');
      const env = {
        HOME: join(cli.directory, 'nowhere'),
        TMPDIR: cli.directory,
        KCLUSTER_STATE: '',
      };
      const up = await cli.run(['up', '--name', name, '--ports', 'auto', ...upFlags[engine]], env);
      const down = await cli.run(['down', '--volumes', '--name', name], env);
      expect(up).toMatchObject({ exitCode: 0 });
      expect(up.stderr).toContain(`state is in ${cli.directory}/kcluster-`);
      expect(down).toMatchObject({ exitCode: 0 });
      expect(await leftovers(cli, name)).toEqual([]);
    });
  },
  { long: ['docker'] },
);
