import { z } from 'zod';
import type { ComposeDocument, ComposeService } from './document.js';

const portMapping = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}:\d+:\d+$/, 'expected HOST_IP:HOST_PORT:CONTAINER_PORT');
const volumeMount = z.string().regex(/^[a-zA-Z0-9][\w.-]*:\/[^:]*$/, 'expected VOLUME:/PATH');

const service: z.ZodType<ComposeService> = z.strictObject({
  image: z.string().min(1),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  user: z
    .string()
    .regex(/^\d+:\d+$/, 'expected UID:GID')
    .optional(),
  hostname: z.string().optional(),
  environment: z.record(z.string(), z.string()),
  ports: z.array(portMapping).optional(),
  volumes: z.array(volumeMount).optional(),
  extra_hosts: z
    .array(
      z.string().regex(/^[\w.-]+:(\d{1,3}(\.\d{1,3}){3}|host-gateway)$/, 'expected NAME:ADDRESS'),
    )
    .optional(),
  network_mode: z.literal('host').optional(),
  networks: z
    .record(z.string(), z.strictObject({ aliases: z.array(z.string()).optional() }).nullable())
    .optional(),
  depends_on: z.array(z.string()).optional(),
  stop_grace_period: z.string().regex(/^\d+s$/, 'expected seconds, such as 60s'),
  labels: z.record(z.string(), z.string()),
});

const document = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.strictObject({}).nullable()).optional(),
  networks: z
    .record(z.string(), z.strictObject({ external: z.literal(true), name: z.string() }))
    .optional(),
});

/**
 * Reads a parsed YAML tree as a document.
 * @throws Error that lists every key which is not part of the subset, by path.
 */
export function toComposeDocument(tree: unknown): ComposeDocument {
  const result = document.safeParse(tree);
  if (!result.success) {
    const problems = result.error.issues.map((i) => `${i.path.join('.') || '(top)'}: ${i.message}`);
    throw new Error(`not a document that kcluster runs:\n${problems.join('\n')}`);
  }
  const { services, volumes = {}, networks = {} } = result.data;
  return {
    services,
    volumes: Object.keys(volumes),
    externalNetworks: Object.values(networks).map(({ name }) => name),
  };
}
