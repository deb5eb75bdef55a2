import type { Engine } from '../cluster/engine.js';
import { executeOnEngine } from '../cluster/execute.js';
import { serviceOfVolume } from '../cluster/guard.js';
import type { ObservedProject } from '../cluster/observed.js';
import { joinedBrokers, replacedNodes, undo } from '../cluster/teardown.js';
import { messageOf } from '../errors.js';
import type { Emit } from '../report/events.js';
import type { OperationContext } from './context.js';
import type { LockedProject } from './locked.js';

/** A failed or interrupted run takes back what it made, unless it is to be kept. */
export async function undoneOnFailure<T>(
  context: OperationContext,
  keep: boolean,
  { engine, observed: before }: LockedProject,
  body: () => Promise<T>,
): Promise<T> {
  try {
    return await body();
  } catch (error) {
    if (!keep) await takeBack(context, engine, before);
    throw error;
  }
}

/** Undoes what can be undone; its own failure must not hide the one that led to it. */
async function takeBack(
  { emit }: OperationContext,
  engine: Engine,
  before: ObservedProject,
): Promise<void> {
  const { project } = before;
  try {
    const now = await engine.observe(project);
    const plan = undo(before, now);
    if (plan.stages.length > 0)
      emit({ type: 'notice', message: 'taking back what this run made; Ctrl-C leaves at once' });
    // A signal of its own: the one that was aborted must not end the clean-up as well.
    const { signal } = new AbortController();
    await executeOnEngine(plan, { engine, emit, signal });
    tellJoined(emit, before, joinedBrokers(before, now));
    for (const service of replacedNodes(before, now)) {
      const message = `${service} was being replaced; \`kcluster up --name ${project}\` completes it`;
      emit({ type: 'warning', message });
    }
  } catch (error) {
    const message = `could not take everything back: ${messageOf(error)}`;
    emit({
      type: 'warning',
      message: `${message}; \`kcluster down --name ${project}\` finishes it`,
    });
  }
}

function tellJoined(emit: Emit, { project, volumes }: ObservedProject, joined: string[]): void {
  if (joined.length === 0) return;
  const services = new Set(volumes.map(serviceOfVolume));
  const brokers = [...services].filter((service) => service.startsWith('broker-')).length;
  const command = `kcluster scale --brokers ${brokers} --name ${project}`;
  const message = `topics may have come to ${joined.join(', ')} by now: kept; \`${command}\` takes them off again`;
  emit({ type: 'warning', message });
}
