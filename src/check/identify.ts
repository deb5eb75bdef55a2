import type { Duplex } from 'node:stream';
import type { Heard } from '../clients/hear.js';
import { apiVersionsRequest, printable } from '../clients/protocol/diagnosis.js';
import { registeredEndpoints } from '../clients/registered.js';
import { askSrvr, isZooKeeper, parseMode } from '../clients/srvr.js';
import { isCertificateWanted, shakeHands, tlsDial } from '../clients/tls.js';
import type { Service } from './facts.js';
import { identifyKafka } from './identify-kafka.js';
import { ask, say, type Question } from './question.js';

/**
 * Finds out who speaks at a port that accepts connections. Kafka is tried first, and nothing else is said when it
 * answers; then everything else at once.
 */
export async function identify(question: Question): Promise<Service> {
  const { answer: apis, heard } = await ask(question, apiVersionsRequest);
  if (apis) return await identifyKafka(question, apis);
  const streams: Duplex[] = [];
  const dial: Question['dial'] = (to) => {
    const stream = question.dial(to);
    streams.push(stream);
    return stream;
  };
  const other = { ...question, dial };
  const greeting = listen(other);
  try {
    const found = await firstFound([
      Promise.resolve(httpIn(heard)),
      identifyZooKeeper(other),
      identifyTls(other),
      identifyHttp(other),
      greeting.then(wordsIn),
    ]);
    return found ?? wordsIn(heard) ?? silenceOf(await greeting, heard);
  } finally {
    for (const stream of streams) stream.destroy();
  }
}

/** The first that is found; undefined when all have found nothing. */
async function firstFound(
  attempts: readonly Promise<Service | undefined>[],
): Promise<Service | undefined> {
  return await new Promise((resolve, reject) => {
    let left = attempts.length;
    const settle = (found: Service | undefined): void => {
      left -= 1;
      if (found || left === 0) resolve(found);
    };
    for (const attempt of attempts) attempt.then(settle, reject);
  });
}

async function identifyZooKeeper({ to, dial, timeoutMs }: Question): Promise<Service | undefined> {
  const answer = await askSrvr(dial(to), timeoutMs);
  if (!isZooKeeper(answer)) return undefined;
  const mode = parseMode(answer);
  const kafkaAt = mode && (await registeredEndpoints(to, timeoutMs));
  return {
    kind: 'zookeeper',
    ...(mode && { mode }),
    ...(kafkaAt && { kafkaAt: kafkaAt.map(printable) }),
  };
}

async function identifyTls(plain: Question): Promise<Service | undefined> {
  const dial = tlsDial(plain.dial, plain.name);
  const question = { ...plain, dial };
  const hands = await shakeHands(dial(plain.to), plain.timeoutMs);
  if (!hands) return undefined;
  const tls = hands.subject === undefined ? {} : { subject: printable(hands.subject) };
  const { answer: apis, heard } = await ask(question, apiVersionsRequest);
  if (apis) return await identifyKafka(question, apis, tls);
  // Under TLS 1.3 the handshake is over for the client before the server refuses it.
  const wantsCertificate = isCertificateWanted(hands.alert ?? heard.code);
  return { kind: 'tls', tls, wantsCertificate };
}

async function identifyHttp(question: Question): Promise<Service | undefined> {
  const request = Buffer.from('GET / HTTP/1.1\r\nHost: kcluster\r\nConnection: close\r\n\r\n');
  return httpIn(await say(question, request, hasLine));
}

const greetingMs = 1000;

/** What it says, or does, before it is spoken to. */
async function listen(question: Question): Promise<Heard> {
  const timeoutMs = Math.min(question.timeoutMs, greetingMs);
  return await say({ ...question, timeoutMs }, Buffer.alloc(0), hasLine);
}

function hasLine(bytes: Buffer): boolean {
  return bytes.includes('\n') || bytes.length > longestBegin;
}

const longestBegin = 80;

function httpIn(heard: Heard): Service | undefined {
  const found = wordsIn(heard);
  return found?.begin.startsWith('HTTP/') ? { ...found, kind: 'http' } : undefined;
}

function wordsIn({ bytes }: Heard): Extract<Service, { kind: 'other' }> | undefined {
  if (bytes.length === 0) return undefined;
  const [line = ''] = bytes.toString('utf8').split(/\r?\n/, 1);
  return { kind: 'other', begin: printable(line.slice(0, longestBegin)) };
}

function silenceOf(unasked: Heard, asked: Heard): Service {
  // A reset may come before we have seen that the connection was there.
  if (unasked.end !== 'timeout') return { kind: 'closes', atOnce: true };
  return asked.end === 'timeout' ? { kind: 'silent' } : { kind: 'closes', atOnce: false };
}
