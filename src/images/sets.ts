/** The choices of images that go together, by which `--images` names them. */
export const imageSets = [
  'published',
  'confluent',
  'apache',
  'strimzi',
  'bitnami',
  'debezium',
  'wurstmeister',
  'local',
] as const;

export type ImageSet = (typeof imageSets)[number];
