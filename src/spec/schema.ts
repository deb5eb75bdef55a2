import { z } from 'zod';
import { familyNames } from '../images/family-names.js';
import { namePattern, nameRule } from './name.js';
import { profiles } from './profile.js';
import {
  kafkaSettings,
  topicSettings,
  zooKeeperSettings,
  type SettingNames,
} from './refused-settings.js';

/** A line break would begin another property. */
const oneLine = /^[^\x00-\x1f]*$/;

const port = (description: string): z.ZodNumber =>
  z
    .number('a port is a whole number')
    .int('a port is a whole number')
    .min(1, 'a port is 1 to 65535')
    .max(65535, 'a port is 1 to 65535')
    .describe(description);

const count = (what: string, least: number, most: number): z.ZodNumber =>
  z
    .number(`the number of ${what} is ${least} to ${most}`)
    .int(`the number of ${what} is a whole number, ${least} to ${most}`)
    .min(least, `the number of ${what} is ${least} to ${most}`)
    .max(most, `the number of ${what} is ${least} to ${most}`)
    .describe(`Number of ${what}`);

const image = (what: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .regex(/^\S+$/, 'an image is a reference without white space')
    .optional()
    .describe(`Image of ${what}, in place of the one that \`images\` names`);

/** A value as a property file has it, on one line; numbers and booleans of YAML become their text. */
const settingValue = z
  .union(
    [z.string().regex(oneLine, 'a value is one line of text'), z.number(), z.boolean()],
    'a value is text, a number, true or false',
  )
  .transform(String);

const settingName = ({ refuse, pattern, refused }: SettingNames): z.ZodString =>
  z
    .string()
    .superRefine((name, context) => {
      const message = refuse(name);
      if (message !== undefined) context.addIssue({ code: 'custom', message });
    })
    .meta({ pattern, ...(refused !== undefined && { not: { pattern: refused } }) });

const settings = (
  what: string,
  names: SettingNames,
): z.ZodDefault<z.ZodRecord<z.ZodString, typeof settingValue>> =>
  z.record(settingName(names), settingValue).default({}).describe(what);

/** `fallback`: what the templates have. */
const heap = (what: string, fallback?: string): z.ZodOptional<z.ZodString> =>
  z
    .string('a heap is a size such as 512m or 1g')
    .regex(/^[1-9]\d*[kKmMgG]$/, 'a heap is a size such as 512m or 1g')
    .optional()
    .meta({ description: what, ...(fallback !== undefined && { default: fallback }) });

const jvmOptions = (
  what: string,
  fallback?: readonly string[],
): z.ZodOptional<z.ZodArray<z.ZodString>> =>
  z
    .array(z.string().regex(/^-\S+$/, 'a JVM option begins with "-" and has no white space'))
    .optional()
    .meta({ description: what, ...(fallback !== undefined && { default: fallback }) });

/** A small, quickly started JVM. */
const quickly = ['-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];

const rack = z
  .union(
    [
      z.string().min(1, 'a rack is named by text').regex(oneLine, 'a rack is one line of text'),
      z.number(),
    ],
    'a rack is named by text',
  )
  .transform(String)
  .describe('Name of a rack, for `broker.rack`');

const zookeeper = z.strictObject({
  servers: count('ZooKeepers', 1, 7).default(1).describe('Number of ZooKeepers that vote'),
  observers: count('observers', 0, 6)
    .default(0)
    .describe('Number of further ZooKeepers that only observe'),
  evenEnsemble: z
    .boolean()
    .default(false)
    .describe('Accept an even number of servers, which tolerates no more failures than one less'),
  port: port('Client port of the first ZooKeeper on the host').default(2181),
  image: image('every ZooKeeper'),
  settings: settings("Settings of every ZooKeeper, by zoo.cfg's own names", zooKeeperSettings),
  heap: heap('Most memory of the Java heap of each', '128m'),
  jvmOptions: jvmOptions('Options of the JVM of each, beside its heap', quickly),
});

const oneBroker = z.strictObject({
  rack: rack.optional().describe('Rack of this broker, in place of its turn'),
  settings: settings('Settings of this broker, over those of all', kafkaSettings),
  heap: heap('Most memory of the Java heap of this broker, in place of that of all'),
  jvmOptions: jvmOptions('Options of the JVM of this broker, in place of those of all'),
});

const versionRule = 'a version is written as 3.9 or 3.9.2';
const versionText = z.string().regex(/^\d+\.\d+(\.\d+)?$/, versionRule);

const kafka = z.strictObject({
  version: z
    .union([versionText, z.number()], versionRule)
    .transform(String)
    .pipe(versionText)
    .optional()
    .describe('Version of Kafka, such as 3.9 or 3.9.2; the newest that the images have'),
  brokers: count('brokers', 1, 9).default(1),
  port: port('Port of the first broker on the host').default(9092),
  image: image('every broker'),
  racks: z.array(rack).default([]).describe('Racks, which the brokers are spread over in turn'),
  settings: settings("Settings of every broker, by Kafka's own property names", kafkaSettings),
  heap: heap('Most memory of the Java heap of each', '384m'),
  jvmOptions: jvmOptions('Options of the JVM of each, beside its heap', quickly),
  perBroker: z
    .record(z.string().regex(/^[1-9]$/, 'a broker is named by its id, 1 to 9'), oneBroker)
    .default({})
    .describe('What is different for one broker, by its id'),
});

const hostName = z
  .string()
  .regex(/^[a-zA-Z0-9]([a-zA-Z0-9.-]*[a-zA-Z0-9])?$/, 'a host is a name or an IPv4 address');
const ipAddress = z.ipv4('an address to bind is an IPv4 address, such as 0.0.0.0');

const listeners = z.strictObject({
  advertise: hostName
    .optional()
    .describe(
      'Name of this machine for clients on others; needs `bind`. With Docker on another machine: the name of that one',
    ),
  bind: ipAddress
    .optional()
    .describe(
      'Address that the listener for other machines binds; with Docker on another machine, one of that',
    ),
  dockerHost: ipAddress
    .optional()
    .describe(
      'Address to bind for containers that come in by host.docker.internal: 172.17.0.1 on Linux, 127.0.0.1 with Docker Desktop',
    ),
  networks: z
    .array(
      z
        .string()
        .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'a network is named as `docker network ls` does'),
    )
    .default([])
    .describe('Docker networks of other projects that every node joins'),
});

/** @see Kafka's org.apache.kafka.common.internals.Topic: the legal characters and the length of a name */
const topicName = z
  .string()
  .regex(
    /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/,
    'the name of a topic is 1 to 249 letters, digits, ".", "_" or "-"',
  );

const topic = z.strictObject({
  partitions: count('partitions', 1, 10_000).optional(),
  replication: count('replicas', 1, 9).optional().describe('Number of replicas of each partition'),
  config: settings("Settings of the topic, by Kafka's own names", topicSettings),
  seed: z
    .string()
    .min(1, 'a seed is the path of a file')
    .optional()
    .describe('File of records to begin with: .jsonl, or one value per line'),
});

/** What a cluster is to be. Strict: an unknown key is a problem, not a comment. */
export const clusterSpecSchema = z.strictObject({
  version: z
    .literal(1, 'the version of this format is 1')
    .default(1)
    .describe('Version of this format'),
  name: z
    .string()
    .regex(namePattern, { error: nameRule })
    .default('kcluster')
    .describe('Name of the cluster, and of its Compose project'),
  images: z
    .enum(familyNames, { error: `images are one of ${familyNames.join(', ')}` })
    .default('published')
    .describe("Whose images: published ones, those of `kcluster images build`, or a vendor's"),
  ports: z
    .enum(['fixed', 'auto'], { error: 'ports are "fixed" or "auto"' })
    .default('fixed')
    .describe('Count up from the first ports, or take free ones'),
  profile: z
    .enum(profiles, { error: 'the profile is "fast" or "production-like"' })
    .default('fast')
    .describe('Defaults for tests that start quickly, or those of Kafka and of its own scripts'),
  zookeeper: zookeeper.prefault({}).describe('The ensemble'),
  kafka: kafka.prefault({}).describe('The brokers'),
  listeners: listeners
    .prefault({})
    .describe("How clients come in that are neither on this machine nor on the cluster's network"),
  topics: z
    .record(topicName, topic)
    .default({})
    .describe('Topics that `up` makes, or brings to what is declared, by their names'),
});

export type ClusterSpec = z.infer<typeof clusterSpecSchema>;
