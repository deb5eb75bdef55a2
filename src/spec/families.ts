/** What `images` may be: the published default pair, the images of `kcluster images build`, or a vendor's. */
export const imageFamilies = [
  'published',
  'local',
  'confluent',
  'apache',
  'wurstmeister',
  'bitnami',
  'debezium',
  'strimzi',
] as const;
