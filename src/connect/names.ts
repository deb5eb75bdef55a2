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

/** How `kcluster env` writes variables; the first is the default. */
export const environmentFormats = ['sh', 'fish', 'powershell', 'dotenv', 'json', 'github'] as const;
export type EnvironmentFormat = (typeof environmentFormats)[number];
