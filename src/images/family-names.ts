/** The families of images that go together, a broker's and a ZooKeeper's each. */
export const familyNames = [
  'published',
  'confluent',
  'apache',
  'strimzi',
  'bitnami',
  'debezium',
  'wurstmeister',
  'local',
] as const;

export type FamilyName = (typeof familyNames)[number];
