import { isAbsent, type ObservedProject } from '../cluster/observed.js';
import { ExitCode } from '../errors.js';
import type { ProjectOptions } from '../operations/context.js';
import { remove } from '../operations/remove.js';
import type { Outcome } from '../report/outcome.js';
import { seconds } from '../report/words.js';
import { existingLayer } from '../spec/existing.js';
import { flagsText } from '../spec/flags.js';
import { without } from '../spec/path.js';
import type { CommandContext } from './context.js';

interface DownOptions extends ProjectOptions {
  volumes?: boolean;
}

/** `kcluster down`: stops and removes the cluster, and with `--volumes` its data; fine when nothing is there. */
export async function down(context: CommandContext, options: DownOptions): Promise<Outcome> {
  const begin = performance.now();
  const removed = await remove(context, { ...options, cause: '`kcluster down`' });
  const { engine, observed, changed, keptVolumes, unasked } = removed;
  const { project } = observed;
  if (isAbsent(observed))
    for (const { message } of unasked)
      context.emit({ type: 'warning', message: `not asked: ${message}` });
  const headline = changed
    ? `cluster "${project}" is down after ${seconds(performance.now() - begin)}`
    : `there is no cluster "${project}" to take down`;
  const flag = project === 'kcluster' ? '' : ` --name ${project}`;
  return {
    exitCode: ExitCode.ok,
    data: { cluster: project, engine, changed, keptVolumes },
    text: () =>
      keptVolumes.length === 0
        ? headline
        : `${headline}; its data is kept (\`kcluster up${flag}${flagsOf(observed)}\` finds it, \`kcluster down --volumes${flag}\` removes it)`,
  };
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
