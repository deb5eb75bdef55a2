#!/usr/bin/env node
// A program that starts Kafka by testcontainers, as its documentation has it, says "hello, world", and stops it when its
// input ends.
//   node bench/testcontainers.mjs DIRECTORY-WITH-MODULES IMAGE
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { sayHello } from './hello-world.mjs';

const [modules, image] = process.argv.slice(2);
const { KafkaContainer } = createRequire(join(modules, 'index.js'))('@testcontainers/kafka');

const container = await new KafkaContainer(image).start();
const broker = `${container.getHost()}:${container.getMappedPort(9093)}`;
await sayHello({ brokers: [broker], replicationFactor: 1 });
console.log('up');
await text(process.stdin);
await container.stop();
process.exit();
