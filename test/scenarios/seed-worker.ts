/** A process of its own that fills a topic: `node seed-worker.ts SERVERS TOPIC FILE`; says so when it has begun. */
import { connect } from 'node:net';
import { seedTopic } from '../../src/topics/seed.js';
import { parseAddress } from '../../src/topology/address.js';

const [servers = '', topic = '', file = ''] = process.argv.slice(2);

await seedTopic(topic, file, {
  bootstrap: servers.split(',').map(parseAddress),
  dial: connect,
  deadline: performance.now() + 60_000,
  signal: new AbortController().signal,
  emit: (event) => {
    if (event.type === 'progress') process.stdout.write(`${event.current}\n`);
  },
});
