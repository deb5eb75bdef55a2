// Compose by hand: the tutorial's way with Kafka's own tools, and with a client on the host.
import { bootstrap, writeComposeFile } from '../compose-file.mjs';
import { toolsDirectory, versions } from '../jars.mjs';
import { run, timed } from '../place.mjs';

const hello = new URL('../hello.mjs', import.meta.url).pathname;
const v1 = ['docker-compose'];
const v2 = ['docker', 'compose'];

/** `docker-compose up -d`, then Kafka's tools in the broker's container, tried again every second. */
export const tutorial = compose('docker-compose 1, Kafka’s own tools', v1, inContainer);
export const withClient = compose('docker compose, a client on the host', v2, onHost);

function compose(name, [command, ...words], sayHello) {
  return {
    name,
    async prepare() {
      await run(command, [...words, 'version']);
      await toolsDirectory();
    },
    async begin(shape, { directory, name: project }) {
      const images = {
        kafka: `kcluster/kafka:${versions.kafka}`,
        zookeeper: `kcluster/zookeeper:${versions.zookeeper}`,
        tools: await toolsDirectory(),
      };
      const file = writeComposeFile(directory, shape, images);
      const compose = async (...more) =>
        await timed(command, [...words, '-p', project, '-f', file, ...more], { cwd: directory });
      const proof = async () => await sayHello(shape, project);
      return {
        up: async () => (await compose('up', '-d')) + (await proof()),
        again: async () => (await compose('up', '-d')) + (await proof()),
        stop: async () => await compose('stop'),
        start: async () => (await compose('start')) + (await proof()),
        down: async () => await compose('down', '-v'),
      };
    },
  };
}

async function onHost(shape) {
  return await timed(process.execPath, [
    hello,
    bootstrap(shape),
    String(Math.min(3, shape.brokers)),
  ]);
}

async function inContainer({ brokers }, project) {
  const ids = (
    await run('docker', [
      'ps',
      '-q',
      '--filter',
      `label=com.docker.compose.project=${project}`,
      '--filter',
      'label=com.docker.compose.service=kafka1',
    ])
  ).trim();
  const topic = `hello-${process.pid}-${Date.now()}`;
  const script = `
    export CLASSPATH="$(cat /opt/kcluster/classpath):/tools/kafka-tools-${versions.kafka}.jar"
    tool() { java -Xmx256m -Dlog4j.configuration=file:/opt/kcluster/log4j.properties "$@"; }
    until tool org.apache.kafka.tools.TopicCommand --bootstrap-server kafka1:29092 --create --topic ${topic} \\
      --partitions 1 --replication-factor ${Math.min(3, brokers)}; do sleep 1; done
    echo 'hello, world' | tool kafka.tools.ConsoleProducer --bootstrap-server kafka1:29092 --topic ${topic}
    tool org.apache.kafka.tools.consumer.ConsoleConsumer --bootstrap-server kafka1:29092 --topic ${topic} \\
      --from-beginning --max-messages 1 | grep -x 'hello, world'`;
  return await timed('docker', ['exec', ids, 'sh', '-c', script]);
}
