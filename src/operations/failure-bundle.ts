import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import type { EventLog } from '../bundle/event-log.js';
import { KclusterError, messageOf } from '../errors.js';
import { unlessAborted } from '../system/abort.js';
import { bundleCluster, type BundleOptions } from './bundle.js';
import type { OperationContext } from './context.js';

/** A cluster that failed, or on which something failed, as far as it is known; `name`: of the cluster. */
export type Failure = Omit<BundleOptions, 'directory' | 'observed' | 'events'>;

/** Where the bundle of a failure goes, and what was recorded for it. */
export interface BundleWish {
  /** The working directory when it is left out; where it can't be written, that of the system for temporary files. */
  directory?: string;
  events: EventLog;
}

/**
 * Writes a bundle of a failure while its cluster is there, and resolves to its path; undefined when there is none: the
 * user ended the run, or it could not be written, which is a warning.
 * @param context its signal ends the collecting at once
 */
export async function bundleFailure(
  { signal, emit }: Pick<OperationContext, 'signal' | 'emit'>,
  failure: Failure,
  { directory = '.', events }: BundleWish,
): Promise<string | undefined> {
  if (isInterruption(failure.error)) return undefined;
  const written = async (): Promise<string> => {
    const target = await writable(directory, (message) => emit({ type: 'warning', message }));
    const observed = await failure.engine.observe(failure.name);
    return await bundleCluster({ signal }, { ...failure, observed, events, directory: target });
  };
  try {
    return await unlessAborted(written(), signal);
  } catch (error) {
    const why = signal.aborted ? 'interrupted' : messageOf(error);
    emit({ type: 'warning', message: `no bundle was written: ${why}` });
    return undefined;
  }
}

/** The directory, which is made if it is not there, or another one with a warning. */
async function writable(directory: string, warn: (message: string) => void): Promise<string> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK | constants.X_OK);
    return directory;
  } catch (error) {
    warn(`the bundle goes to ${tmpdir()}: ${messageOf(error)}`);
    return tmpdir();
  }
}

function isInterruption(error: unknown): boolean {
  return error instanceof KclusterError && error.kind === 'interrupted';
}
