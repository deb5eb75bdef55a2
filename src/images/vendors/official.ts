import { escapeValue, zooKeeperKeys } from '../environment.js';
import type { ServiceWords, ZooKeeperFamily, ZooKeeperSetup } from '../family.js';
import type { Hindrance } from '../properties.js';
import { jvmLine, serverLine, settingProblems } from '../zookeeper-settings.js';

const whitelist = '4lw.commands.whitelist';

/** The settings with a variable of their own. */
const named: ReadonlyMap<string, string> = new Map([
  ...zooKeeperKeys,
  [whitelist, 'ZOO_4LW_COMMANDS_WHITELIST'],
]);

/**
 * The official `zookeeper`, https://github.com/31z4/zookeeper-docker. Its entry point writes zoo.cfg only where
 * there is none, and myid only into an empty volume: new words need a new container, a new id a new volume.
 */
export const officialZooKeeper: ZooKeeperFamily = {
  name: 'zookeeper',
  role: 'zookeeper',
  repositories: ['zookeeper', 'library/zookeeper'],
  volumes: [
    { suffix: 'data', target: '/data' },
    { suffix: 'datalog', target: '/datalog' },
  ],
  words: zooWords,
  problems: (setup) => settingProblems(setup, zooHindrances),
};

/** The words of the official image, which the local one shares. */
export function zooWords(setup: ZooKeeperSetup): ServiceWords {
  const settings = [...setup.settings];
  const own = settings.flatMap(([key, value]) => {
    const variable = named.get(key);
    return variable === undefined ? [] : [[variable, escapeValue(value)] as const];
  });
  const extra = settings
    .filter(([key]) => !named.has(key))
    .map(([key, value]) => `${key}=${escapeValue(value)}`);
  return {
    environment: {
      ZOO_MY_ID: String(setup.id),
      ZOO_SERVERS: setup.servers.map(serverLine).join(' '),
      ...Object.fromEntries(own),
      ...(extra.length > 0 && { ZOO_CFG_EXTRA: extra.join(' ') }),
      JVMFLAGS: jvmLine(setup),
    },
  };
}

/** What the rule of the official image can't carry. */
export const zooHindrances: readonly Hindrance[] = [
  (_key, value) => (value.includes('\0') ? 'a value has no NUL' : undefined),
  (key, value) =>
    key === whitelist && value === '' ? 'the image leaves out an empty list' : undefined,
  (key, value) =>
    !named.has(key) && escapeValue(value).includes(' ')
      ? 'the image splits ZOO_CFG_EXTRA at spaces'
      : undefined,
];
