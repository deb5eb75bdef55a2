import { execute } from '../cluster/execute.js';
import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { teardown } from '../cluster/teardown.js';
import { ExitCode } from '../errors.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import { existingLayer } from '../spec/existing.js';
import { flagsText } from '../spec/flags.js';
import { without } from '../spec/path.js';
import { portsDirectory } from '../system/paths.js';
import { forgetDeadRuns } from '../system/port-reservation.js';
import type { CommandContext, ProjectOptions } from './context.js';
import { withProject } from './locked.js';

export interface DownOptions extends ProjectOptions {
  volumes?: boolean;
}

/** `kcluster down`: stops and removes the cluster, and with `--volumes` its data; fine when nothing is there. */
export async function down(context: CommandContext, options: DownOptions): Promise<Outcome> {
  const begin = performance.now();
  return await withProject(context, options, async ({ engine, observed, unasked }) => {
    const { project } = observed;
    const volumes = options.volumes ?? false;
    const plan = teardown(observed, { volumes, cause: '`kcluster down`' });
    await execute(plan, { ...context, engine, performClusterStep: noClusterStep });
    await forgetDeadRuns(portsDirectory(context.env));
    const keptVolumes = volumes ? [] : observed.volumes;
    if (isAbsent(observed))
      for (const { message } of unasked)
        context.emit({ type: 'warning', message: `not asked: ${message}` });
    const nothing = isAbsent(observed) || plan.stages.length === 0;
    const headline = nothing
      ? `there is no cluster "${project}" to take down`
      : `cluster "${project}" is down after ${seconds(performance.now() - begin)}`;
    const flag = project === 'kcluster' ? '' : ` --name ${project}`;
    return {
      exitCode: ExitCode.ok,
      data: { cluster: project, engine: engine.name, changed: plan.stages.length > 0, keptVolumes },
      text: () =>
        keptVolumes.length === 0
          ? headline
          : `${headline}; its data is kept (\`kcluster up${flag}${flagsOf(observed)}\` finds it, \`kcluster down --volumes${flag}\` removes it)`,
    };
  });
}

/** The flags that make the next `up` like this one; nodes tell them, and nodes are gone then. */
function flagsOf(observed: ObservedProject): string {
  const { tree } = existingLayer(observed, true);
  const counts = [
    ['kafka', 'brokers'],
    ['zookeeper', 'servers'],
  ];
  // Data tells how many nodes there were; local processes have no other images.
  const isProcess = observed.networks.length === 0;
  return flagsText(without(tree, isProcess ? [...counts, ['images']] : counts));
}

async function noClusterStep(): Promise<void> {
  await Promise.resolve();
}
