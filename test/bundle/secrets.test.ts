import { describe, expect, it } from 'vitest';
import { hidden, isSecret, redactText, redactTree } from '../../src/bundle/secrets.js';

describe('names of secrets', () => {
  it.each([
    'ssl.keystore.password',
    'listener.name.external.ssl.key.password',
    'ssl.keystore.key',
    'ssl.keystore.certificate.chain',
    'ssl.truststore.certificates',
    'listener.name.sasl_ssl.plain.sasl.jaas.config',
    'password.encoder.old.secret',
    'delegation.token.master.key',
    'zookeeper.ssl.truststore.password',
    'ssl.keyStore.password',
    'KAFKA_SSL_KEYSTORE_PASSWORD',
    'KAFKA_LISTENER_NAME_SASL__SSL_PLAIN_SASL_JAAS_CONFIG',
    'KAFKA_CLIENT_PASSWORDS',
    'ZOO_SERVER_PASSWORDS',
    'AWS_SECRET_ACCESS_KEY',
    'GITHUB_TOKEN',
    'zookeeper.DigestAuthenticationProvider.superDigest',
  ])('%s is one', (name) => expect(isSecret(name)).toBe(true));

  it.each([
    'ssl.keystore.location',
    'password.encoder.iterations',
    'KAFKA_PASSWORD_ENCODER_KEY_LENGTH',
    'delegation.token.expiry.time.ms',
    'sasl.enabled.mechanisms',
    'KAFKA_BROKER_ID',
    'PWD',
    'path',
  ])('%s is none', (name) => expect(isSecret(name)).toBe(false));
});

describe('texts', () => {
  it.each([
    ['ssl.key.password=geheim', 'ssl.key.password=[hidden]'],
    ['ssl.key.password = geheim and so on\nnext', 'ssl.key.password =[hidden]\nnext'],
    ['set ssl.key.password=ge,he"im to', 'set ssl.key.password=[hidden] to'],
    [
      "-Djavax.net.ssl.keyStorePassword='ge heim' -Xmx1g",
      '-Djavax.net.ssl.keyStorePassword=[hidden] -Xmx1g',
    ],
    [
      'KAFKA_SASL_JAAS_CONFIG=a.PlainLoginModule required username="a" password="b";\nnext',
      'KAFKA_SASL_JAAS_CONFIG=[hidden]\nnext',
    ],
    [
      'PlainLoginModule required username="a" password="ge\\"heim" user_b="c";',
      'PlainLoginModule required username="a" password=[hidden] user_b=[hidden];',
    ],
    [String.raw`{\"password\": \"geheim\"}`, String.raw`{\"password\": [hidden]}`],
    ['https://me:geheim@proxy:8080/', 'https://me:[hidden]@proxy:8080/'],
    ['a\n-----BEGIN PRIVATE KEY-----\nMII\n-----END PRIVATE KEY-----\nb', 'a\n[hidden]\nb'],
    ['ssl.key.password = null', 'ssl.key.password = null'],
  ])('%s', (text, expected) => expect(redactText(text)).toBe(expected));

  it('what names no secret stays as it is', () => {
    const text = [
      '[2026-01-01 00:00:00,000] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)',
      '\tpassword.encoder.iterations = 4096',
      'PLAINTEXT://127.0.0.1:9092,SSL://127.0.0.1:9093',
      'topic-0 key=value',
    ].join('\n');
    expect(redactText(text)).toBe(text);
  });

  it('a long line without an end takes no long time', () => {
    const begin = performance.now();
    redactText(`${'password'.repeat(100_000)} ${'"'.repeat(100_000)}${'a.'.repeat(200_000)}`);
    expect(performance.now() - begin).toBeLessThan(2000);
  });
});

it('trees are redacted by key, and texts in them by what they say, JSON too', () => {
  const config = { 'ssl.key.password': 'geheim', 'ssl.keystore.password': '', 'num.partitions': 3 };
  expect(
    redactTree({
      environment: { KAFKA_SSL_KEY_PASSWORD: 'geheim', KAFKA_BROKER_ID: '1' },
      command: ['--override', 'ssl.key.password=geheim'],
      labels: { spec: JSON.stringify({ given: { kafka: { settings: config } } }) },
      passwords: ['geheim'],
    }),
  ).toEqual({
    environment: { KAFKA_SSL_KEY_PASSWORD: hidden, KAFKA_BROKER_ID: '1' },
    command: ['--override', `ssl.key.password=${hidden}`],
    labels: {
      spec: JSON.stringify({
        given: { kafka: { settings: { ...config, 'ssl.key.password': hidden } } },
      }),
    },
    passwords: hidden,
  });
});
