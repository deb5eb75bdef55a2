#!/usr/bin/env node
// A client on the host that knows nothing of how the brokers were started, and tries until they answer.
//   node bench/hello.mjs BROKERS REPLICATION
import { sayHello } from './hello-world.mjs';

const [brokers, replication] = process.argv.slice(2);
await sayHello({ brokers: brokers.split(','), replicationFactor: Number(replication) });
process.exit();
