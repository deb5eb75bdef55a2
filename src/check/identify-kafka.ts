import {
  identityRequest,
  isServed,
  clusterRequest,
  saslMechanismsRequest,
  type Identity,
  type ServedApis,
} from '../clients/protocol/diagnosis.js';
import type { Service, TlsFacts } from './facts.js';
import { ask, type Question } from './question.js';

/**
 * What kind of a Kafka listener it is that has answered ApiVersions, and what its broker tells of the cluster.
 * A listener that wants SASL closes the connection on Metadata; asked for mechanisms it names them.
 */
export async function identifyKafka(
  question: Question,
  apis: ServedApis,
  tls?: TlsFacts,
): Promise<Service> {
  const over = tls && { tls };
  const request = clusterRequest(apis);
  if (!isServed(request, apis)) return { kind: 'kafka-controller' };
  const { answer: view } = await ask(question, request);
  if (view) return { kind: 'kafka', view, identity: await identityOf(question, apis), ...over };
  const { answer: mechanisms } = await ask(question, saslMechanismsRequest);
  return mechanisms ? { kind: 'sasl', mechanisms, ...over } : { kind: 'kafka-unready' };
}

async function identityOf(question: Question, apis: ServedApis): Promise<Identity> {
  if (question.expectedId === undefined) return { is: 'untold' };
  const request = identityRequest(question.expectedId);
  if (!isServed(request, apis)) return { is: 'untold' };
  return (await ask(question, request)).answer ?? { is: 'untold' };
}
