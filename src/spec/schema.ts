import { z } from 'zod';
import { namePattern, nameRule } from './name.js';

const port = (description: string, fallback: number): z.ZodDefault<z.ZodNumber> =>
  z
    .number('a port is a whole number')
    .int('a port is a whole number')
    .min(1, 'a port is 1 to 65535')
    .max(65535, 'a port is 1 to 65535')
    .default(fallback)
    .describe(description);

const count = (what: string, most: number): z.ZodDefault<z.ZodNumber> =>
  z
    .number(`the number of ${what} is 1 to ${most}`)
    .int(`the number of ${what} is a whole number, 1 to ${most}`)
    .min(1, `the number of ${what} is 1 to ${most}`)
    .max(most, `the number of ${what} is 1 to ${most}`)
    .default(1)
    .describe(`Number of ${what}`);

/** What a cluster is to be. Strict: an unknown key is a problem, not a comment. */
export const clusterSpecSchema = z.strictObject({
  name: z
    .string()
    .regex(namePattern, { error: nameRule })
    .default('kcluster')
    .describe('Name of the cluster, and of its Compose project'),
  brokers: count('brokers', 9),
  zookeepers: count('ZooKeepers', 7),
  evenEnsemble: z
    .boolean()
    .default(false)
    .describe(
      'Accept an even number of ZooKeepers, which tolerates no more failures than one less',
    ),
  images: z
    .enum(['published', 'local'], { error: 'images are "published" or "local"' })
    .default('published')
    .describe('Published images, or those of `kcluster images build`'),
  ports: z
    .enum(['fixed', 'auto'], { error: 'ports are "fixed" or "auto"' })
    .default('fixed')
    .describe('Count up from kafkaPort and zookeeperPort, or take free ports'),
  kafkaPort: port('Port of the first broker on the host', 9092),
  zookeeperPort: port('Client port of the first ZooKeeper on the host', 2181),
});

export type ClusterSpec = z.infer<typeof clusterSpecSchema>;
/** A specification before defaults: any part may be missing. */
export type SpecInput = z.input<typeof clusterSpecSchema>;
