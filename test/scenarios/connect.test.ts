import { execa } from 'execa';
import { execFileSync } from 'node:child_process';
import { readdir, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { leftovers, makeCli } from '../helpers/cli.js';
import { projectName } from '../helpers/engines.js';
import { canRun } from '../helpers/require.js';
import { hasTool } from '../helpers/tools.js';

const runs = await canRun('process');

describe.skipIf(!runs)('the settings of', () => {
  const name = projectName('connect');
  let cli: Awaited<ReturnType<typeof makeCli>>;
  let bootstrapServers: string;

  beforeAll(async () => {
    cli = await makeCli('process');
    const up = await cli.json<{ bootstrapServers: string }>([
      ...['up', '--name', name, '--ports', 'auto', '--brokers', '2'],
    ]);
    expect(up.exitCode, up.stderr).toBe(0);
    ({ bootstrapServers } = up.data);
    await symlink(resolve('node_modules'), join(cli.directory, 'node_modules'));
  });
  afterAll(async () => {
    await cli.run(['down', '--volumes', '--name', name]);
    expect(await leftovers(cli, name)).toEqual([]);
    await cli[Symbol.asyncDispose]();
  });

  const connect = async (...words: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await cli.run(['connect', '--name', name, ...words]);
    expect(exitCode, stderr).toBe(0);
    return stdout;
  };
  const run = async (program: string, ...words: string[]): Promise<string> => {
    const { stdout } = await execa(program, words, { cwd: cli.directory });
    return stdout;
  };

  it('kafkajs connect', async () => {
    const program = `${await connect('kafkajs')}
const topic = 'from-kafkajs';
const producer = kafka.producer();
await producer.connect();
await producer.send({ topic, messages: [{ value: 'hello, world' }] });
await producer.disconnect();
const consumer = kafka.consumer({ groupId: 'g' });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await new Promise((resolve) =>
  consumer.run({
    eachMessage: async ({ message }) => {
      console.log(String(message.value));
      resolve();
    },
  }),
);
await consumer.disconnect();
`;
    await writeFile(join(cli.directory, 'probe.mjs'), program);
    expect(await run(process.execPath, 'probe.mjs')).toContain('hello, world');
  });

  it.skipIf(!hasTool('kcat'))('kcat connect', async () => {
    const text = await run('bash', '-euc', await connect('kcat'));
    expect(text).toContain('2 brokers');
    expect(text).toMatch(/^hello, world$/m);
  });

  it('a program that reads .env do', async () => {
    await writeFile(join(cli.directory, '.env'), await connect('env'));
    const print = 'console.log(process.env.KAFKA_BOOTSTRAP_SERVERS, process.env.ZOOKEEPER_CONNECT)';
    const { zookeeperConnect } = (
      await cli.json<{ zookeeperConnect: string }>(['status', '-n', name])
    ).data;
    expect(await run(process.execPath, '--env-file=.env', '-e', print)).toBe(
      `${bootstrapServers} ${zookeeperConnect}`,
    );
  });

  it.skipIf(!hasTool('javac'))('the Java clients connect', async () => {
    await writeFile(join(cli.directory, 'client.properties'), await connect('java'));
    await writeFile(join(cli.directory, 'Probe.java'), javaProbe);
    const text = await run('java', '-cp', await clientJars(), 'Probe.java', 'client.properties');
    expect(text).toBe('hello, world');
  });

  it.skipIf(!hasPythonModule('confluent_kafka'))('confluent-kafka connect', async () => {
    const program = `${await connect('python')}
producer.produce("from-python", "hello, world")
producer.flush()
consumer.subscribe(["from-python"])
print(consumer.poll(30).value().decode())
consumer.close()
`;
    expect(await run('python3', '-c', program)).toBe('hello, world');
  });

  it.skipIf(!hasPythonModule('kafka'))('kafka-python connect', async () => {
    const program = `${await connect('kafka-python')}
producer.send("from-kafka-python", b"hello, world")
producer.flush()
consumer.subscribe(["from-kafka-python"])
print(next(consumer).value.decode())
consumer.close()
`;
    expect(await run('python3', '-c', program)).toBe('hello, world');
  });

  it('every client are one JSON document, for every place', async () => {
    const { data } = await cli.json<{ places: { from: string; settings: object }[] }>([
      ...['connect', '--name', name],
    ]);
    expect(data).toMatchObject({
      cluster: name,
      engine: 'process',
      places: [{ from: 'host', listener: 'HOST', bootstrapServers }],
    });
    expect(Object.keys(data.places[0]!.settings)).toContain('kafkajs');
  });

  it('every client are printed when none is named, and nothing else on stdout', async () => {
    const all = await connect();
    for (const client of ['kafkajs', 'kcat', 'spring'])
      expect(all).toContain(`${client}:\n${await connect(client)}`);
  });

  it('a place that the cluster has no listener for is refused, with how to add it', async () => {
    const { exitCode, stderr } = await cli.run(['connect', '-n', name, '--from', 'machine']);
    expect(stderr).toContain(`cluster "${name}" has no listener for --from machine`);
    expect(stderr).toContain('`kcluster up --advertise HOST --bind ADDRESS`');
    expect(exitCode).toBe(2);
  });
});

const javaProbe = `
import java.io.FileReader;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

class Probe {
  public static void main(String[] args) throws Exception {
    Properties settings = new Properties();
    settings.load(new FileReader(args[0]));
    try (var producer = new KafkaProducer<String, String>(settings)) {
      producer.send(new ProducerRecord<>("from-java", "hello, world")).get();
    }
    try (var consumer = new KafkaConsumer<String, String>(settings)) {
      consumer.subscribe(List.of("from-java"));
      for (var records = consumer.poll(Duration.ofMillis(100)); ;
          records = consumer.poll(Duration.ofMillis(100))) {
        if (records.isEmpty()) continue;
        System.out.print(records.iterator().next().value());
        return;
      }
    }
  }
}
`;

/** The jars of the process engine, which has fetched them for its nodes. */
async function clientJars(): Promise<string> {
  const cache = process.env['KCLUSTER_CACHE'] ?? join(homedir(), '.cache', 'kcluster');
  const files = await readdir(join(cache, 'jars'), { recursive: true });
  return files
    .filter((file) =>
      /(kafka-clients-3\.9|slf4j-api|lz4-java|snappy-java|zstd-jni).*\.jar$/.test(file),
    )
    .map((file) => join(cache, 'jars', file))
    .join(':');
}

function hasPythonModule(module: string): boolean {
  try {
    execFileSync('python3', ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    process.stderr.write(
      `SKIPPED, the tests that need ${module} of Python: it can't be imported\n`,
    );
    return false;
  }
}
