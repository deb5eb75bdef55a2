import { expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { describeEngines, projectName, upFlags } from '../helpers/engines.js';

interface Up {
  changed: boolean;
  smoke: { ok: boolean };
}

await describeEngines('--profile production-like', (engine) => {
  it('makes a cluster that works, and that stays so without the flag', async () => {
    await using cli = await makeCli(engine);
    const name = ['--name', projectName('profile')];
    const flags = [...name, '--ports', 'auto', ...upFlags[engine]];

    const up = await cli.json<Up>(['up', ...flags, '--profile', 'production-like', '--smoke']);
    expect(up.exitCode, up.stderr).toBe(0);
    expect(up.data).toMatchObject({ changed: true, smoke: { ok: true } });

    const again = await cli.json<Up>(['up', ...name]);
    expect(again.data).toMatchObject({ changed: false });
    const { stdout } = await cli.run(['config', ...name]);
    expect(stdout).toMatch(/^profile: production-like +# cluster "/m);
    expect(stdout).toMatch(/^ {2}heap: 1G +# profile production-like$/m);

    const plan = await cli.run(['up', ...name, '--profile', 'fast', '--dry-run']);
    expect(plan.stdout).toContain('remove broker-1  (profile production-like -> fast, ');

    expect((await cli.run(['down', '--volumes', ...name])).exitCode).toBe(0);
    expect(await leftovers(cli, name[1]!)).toEqual([]);
  });
});
