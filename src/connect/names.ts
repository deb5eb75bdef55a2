/** The clients that `kcluster connect` has settings for. */
export const clientNames = [
  'kafkajs',
  'java',
  'python',
  'kafka-python',
  'kcat',
  'spring',
  'env',
] as const;
export type ClientName = (typeof clientNames)[number];
