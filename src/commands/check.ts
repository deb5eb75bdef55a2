import { checkConnection } from '../check/check.js';
import { thisMachine } from '../check/standpoint.js';
import { ExitCode, KclusterError } from '../errors.js';
import { connectionText } from '../report/connection-text.js';
import type { Outcome } from '../report/outcome.js';
import { unlessAborted } from '../system/abort.js';
import { parseAddress, type Address } from '../topology/address.js';
import type { CommandContext } from './context.js';

interface CheckOptions {
  /** Seconds. */
  timeout: number;
}

/** `kcluster check`: where a client's connection breaks, at any Kafka; exit 1 when it does. */
export async function check(
  { engines, emit, signal }: CommandContext,
  [operand = '']: readonly string[],
  options: Record<string, unknown>,
): Promise<Outcome> {
  const address = addressIn(operand);
  const { timeout } = options as unknown as CheckOptions;
  const work = checkConnection(address, {
    standpoint: thisMachine(signal),
    timeoutMs: Math.min(timeout * 1000, longestTimeoutMs),
    portHolder: async (port) => await knownHolder(engines, port),
    emit,
  });
  const report = await unlessAborted(work, signal);
  return {
    exitCode: report.ok ? ExitCode.ok : ExitCode.finding,
    data: report,
    text: (style) => connectionText(report, style),
  };
}

/** An hour: timers do not count to any number. */
const longestTimeoutMs = 3_600_000;

function addressIn(text: string): Address {
  try {
    return parseAddress(text);
  } catch (error) {
    throw new KclusterError('usage', `"${text}" is not HOST:PORT`, {
      hints: [
        'Name one address as clients do, such as `kcluster check localhost:9092` or `kcluster check [::1]:9092`.',
      ],
      cause: error,
    });
  }
}

/** Who holds a port is a help; an engine that fails to tell is no reason to say nothing of the connection. */
async function knownHolder(
  engines: CommandContext['engines'],
  port: number,
): Promise<string | undefined> {
  try {
    return await engines.portHolder(port);
  } catch (error) {
    if (error instanceof KclusterError) return undefined;
    throw error;
  }
}
