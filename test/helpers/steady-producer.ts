import type { Kafka } from 'kafkajs';

/** Sends one record after the other with acks=all, until it is ended. */
export interface SteadyProducer {
  /** The values that the cluster has acknowledged so far. */
  acknowledged: readonly string[];
  /** Resolves once so many more records are acknowledged than at the call. */
  more(records: number): Promise<void>;
  /** Resolves when the last record has been acknowledged or has failed. */
  end(): Promise<void>;
}

/** A record that fails is not sent again under its name: what is acknowledged is all that may be asked for. */
export async function steadyProducer(
  kafka: Kafka,
  topics: readonly string[],
): Promise<SteadyProducer> {
  const producer = kafka.producer({
    allowAutoTopicCreation: false,
    retry: { initialRetryTime: 50, maxRetryTime: 500, retries: 20 },
  });
  await producer.connect();
  const acknowledged: string[] = [];
  const ending = new AbortController();
  const sending = (async () => {
    for (let n = 0; !ending.signal.aborted; n++) {
      const topic = topics[n % topics.length]!;
      const value = `${topic} ${n}`;
      try {
        await producer.send({ topic, acks: -1, messages: [{ key: String(n), value }] });
        acknowledged.push(value);
      } catch {
        // Not acknowledged: the cluster owes nothing.
      }
    }
  })();
  return {
    acknowledged,
    async more(records) {
      const goal = acknowledged.length + records;
      while (acknowledged.length < goal) await new Promise((resolve) => setTimeout(resolve, 20));
    },
    async end() {
      ending.abort();
      await sending;
      await producer.disconnect();
    },
  };
}
