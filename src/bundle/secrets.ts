/** In place of a secret: what Kafka itself prints (org.apache.kafka.common.config.types.Password). */
export const hidden = '[hidden]';

/**
 * How names of secrets end: those of Kafka's settings of type `password` (SslConfigs, SaslConfigs, and ZkConfigs,
 * PasswordEncoderConfigs, DelegationTokenManagerConfigs of the server), of ZooKeeper's keystores and digest, and what
 * other settings, system properties and variables call a secret. `_` stands for `.` in the name of a variable.
 */
const endings = [
  'passwords?',
  'passwd',
  'secrets?',
  'jaas[._]config',
  'keystore[._]key',
  'certificate[._]chain',
  'truststore[._]certificates',
  '(?:master|secret|private|access|api)[._]key',
  '[._]token',
  'user[._]?info',
  'super[._]?digest',
].join('|');

const secretName = new RegExp(`(?:${endings})$`, 'i');

/** Whether a setting, a variable or a key of that name holds a secret. */
export function isSecret(name: string): boolean {
  return secretName.test(name);
}

// In quotes that are escaped themselves, as in JSON; in quotes; or up to white space.
const value = [
  String.raw`\\"(?:[^"\\\n]|\\\\\\"|\\\\)*\\"`,
  String.raw`"(?:[^"\\\n]|\\[^\n])*"`,
  String.raw`'[^'\n]*'`,
  String.raw`\S+`,
].join('|');
const sign = String.raw`\\?["']?\s{0,4}[=:]\s{0,4}`;

const replacements: readonly [pattern: RegExp, replacement: string][] = [
  [/-----BEGIN ([A-Z ]*)PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*-----|$)/g, hidden],
  // A line of properties or variables, whose value may have white space in it.
  [
    new RegExp(
      `^([ \\t]{0,80}(?!-)[\\w.-]{0,200}?(?:${endings})[ \\t]{0,4}=)(?![ \\t]*null$)[^\\n]+`,
      'gim',
    ),
    `$1${hidden}`,
  ],
  [/(jaas[._]config["']?[ \t]{0,4}[=:])(?![ \t]*null$)[^\n]+/gim, `$1${hidden}`],
  [new RegExp(`((?:${endings})${sign})(?!null\\b)(?:${value})`, 'gi'), `$1${hidden}`],
  // The passwords of PlainLoginModule and of ZooKeeper's DigestLoginModule.
  [new RegExp(`(\\buser_[^\\s=]{1,200}=)(?:${value})`, 'g'), `$1${hidden}`],
  // Of a URL.
  [/(:\/\/[^\s:/@]{1,200}):[^\s:/@]{1,200}@/g, `$1:${hidden}@`],
];

/** A text of any kind with the secrets that it names left out: `ssl.key.password=x`, a JAAS configuration, a URL. */
export function redactText(text: string): string {
  return replacements.reduce((all, [pattern, by]) => all.replace(pattern, by), text);
}

/**
 * A value for JSON with secrets left out, by the names of keys and in the texts. A text that is JSON itself, as labels
 * and znodes are, is treated as what it says. An empty or missing secret stays: it tells that there is none.
 */
export function redactTree(value: unknown): unknown {
  if (typeof value === 'string') return redactJson(value);
  if (Array.isArray(value)) return value.map(redactTree);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]: [string, unknown]) => [
      key,
      isSecret(key) && !isEmpty(inner) ? hidden : redactTree(inner),
    ]),
  );
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function redactJson(text: string): string {
  if (!/^\s*[[{]/.test(text)) return redactText(text);
  try {
    return JSON.stringify(redactTree(JSON.parse(text)));
  } catch {
    return redactText(text);
  }
}
