import type { Admin } from 'kafkajs';
import { setTimeout as sleep } from 'node:timers/promises';
import { KclusterError, messageOf } from '../errors.js';
import { formatAddress, type Address } from '../topology/address.js';
import { kafkaClient, type Dial } from './kafka.js';
import {
  brokersRequest,
  metadataRequest,
  type BrokerView,
  type Metadata,
} from './protocol/metadata.js';
import { ask, ErrorCode, type Request, type Verdict } from './protocol/request.js';

/** How a cluster is reached: addresses of its brokers, and the way to them. */
export interface KafkaAccess {
  bootstrap: readonly Address[];
  dial: Dial;
}

export const requestTimeoutMs = 10_000;
/** What the broker is given for its work, so that it answers before the client gives up. */
export const brokerTimeoutMs = 8000;
const metadataTimeoutMs = 3000;

/**
 * A kafkajs admin client for as long as `body` takes.
 * @throws KclusterError `notReady` for what kafkajs throws, which has tried for some seconds by then
 */
export async function withAdmin<T>(
  { bootstrap, dial }: KafkaAccess,
  body: (admin: Admin) => Promise<T>,
): Promise<T> {
  const admin = kafkaClient(bootstrap, dial, { requestTimeoutMs, retries: 5 }).admin();
  try {
    await admin.connect();
    return await body(admin);
  } catch (error) {
    if (error instanceof KclusterError) throw error;
    throw new KclusterError('notReady', `Kafka: ${messageOf(error)}`, { cause: error });
  } finally {
    await admin.disconnect();
  }
}

/** The brokers as the one at `address` lists them, or undefined when it does not answer within `timeoutMs`. */
export async function brokerView(
  address: Address,
  dial: Dial,
  timeoutMs: number,
): Promise<BrokerView | undefined> {
  return await ask(address, dial, timeoutMs, brokersRequest).catch(() => undefined);
}

/** One broker's own metadata, or undefined while it does not answer. */
export async function metadataOf(address: Address, dial: Dial): Promise<Metadata | undefined> {
  return await ask(address, dial, metadataTimeoutMs, metadataRequest).catch(() => undefined);
}

/**
 * The metadata of the first broker that answers.
 * @throws KclusterError `notReady` when none does
 */
export async function anyMetadata(access: KafkaAccess): Promise<Metadata> {
  return await askAny(access, metadataTimeoutMs, metadataRequest);
}

/**
 * Asks the first broker that answers.
 * @throws KclusterError `notReady` when none does
 */
export async function askAny<T>(
  { bootstrap, dial }: KafkaAccess,
  timeoutMs: number,
  request: Request<T>,
): Promise<T> {
  let cause: unknown;
  for (const address of bootstrap) {
    try {
      return await ask(address, dial, timeoutMs, request);
    } catch (error) {
      cause = error;
    }
  }
  const asked = bootstrap.map(formatAddress).join(', ');
  throw new KclusterError('notReady', `no broker answers at ${asked}`, { cause });
}

const controllerAttempts = 20;
const controllerPauseMs = 250;

/**
 * Asks the controller. Another broker may have become it since the metadata was written; then that one is asked.
 * @throws KclusterError `notReady` when there is no controller for some seconds
 */
export async function askController<T extends Verdict>(
  access: KafkaAccess,
  request: Request<T[]>,
): Promise<T[]> {
  for (let attempt = 0; attempt < controllerAttempts; attempt += 1) {
    if (attempt > 0) await sleep(controllerPauseMs);
    const { brokers, controller } = await anyMetadata(access);
    const broker = brokers.find(({ id }) => id === controller);
    if (!broker) continue;
    const verdicts = await ask(broker.address, access.dial, requestTimeoutMs, request);
    if (verdicts.every(({ code }) => code !== ErrorCode.notController)) return verdicts;
  }
  throw new KclusterError('notReady', 'the cluster has no controller');
}
