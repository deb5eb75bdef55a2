import { describe, expect, it } from 'vitest';
import { KclusterError } from '../../src/errors.js';
import { overridden } from '../../src/import/compose-file.js';
import type { Service } from '../../src/import/model.js';
import { shellWords } from '../../src/import/shell-words.js';
import { parseVariables } from '../../src/import/variables.js';
import { composeFile } from './compose.js';

/** A service with some keys, in YAML. */
function service(keys: string, around: Parameters<typeof composeFile>[1] = {}): Service {
  const text = `services:\n  kafka:\n${keys.replaceAll(/^/gm, '    ')}`;
  return composeFile(text, around).services[0]!;
}

function environmentOf({ environment }: Service): Record<string, string> {
  return Object.fromEntries([...environment.values()].map(({ name, value }) => [name, value]));
}

function failureOf(text: string): KclusterError {
  try {
    composeFile(text);
  } catch (error) {
    if (error instanceof KclusterError) return error;
    throw error;
  }
  throw new Error('it was read');
}

describe('published ports', () => {
  it.each([
    ['9092:9092', [{ host: 9092, container: 9092 }]],
    ['9092', [{ container: 9092 }]],
    ['127.0.0.1:19092:9092', [{ hostIp: '127.0.0.1', host: 19092, container: 9092 }]],
    ['127.0.0.1::9092', [{ hostIp: '127.0.0.1', container: 9092 }]],
    ['[::1]:9092:9092', [{ hostIp: '::1', host: 9092, container: 9092 }]],
    ['9092:9092/udp', [{ host: 9092, container: 9092, protocol: 'udp' }]],
    [
      '9092-9093:19092-19093',
      [
        { host: 9092, container: 19092 },
        { host: 9093, container: 19093 },
      ],
    ],
    ['9092-9094:9092', [{ container: 9092 }]],
  ])('%s', (text, expected) => {
    const { ports, faults } = service(`ports: ["${text}"]`);
    expect(ports).toEqual(
      expected.map((each) => ({ protocol: 'tcp', at: expect.anything() as unknown, ...each })),
    );
    expect(faults).toEqual([]);
  });

  it('in the long form', () => {
    const { ports } = service(
      'ports: [{target: 9092, published: "9092-9093", host_ip: 127.0.0.1, mode: host}]',
    );
    expect(ports).toMatchObject([{ hostIp: '127.0.0.1', container: 9092 }]);
  });

  it.each(['a:9092', '9092:', '70000:1', '0:1', '9093-9092:1', '1:2:3:4'])('%s is none', (text) => {
    const { ports, faults } = service(`ports: ["${text}"]`);
    expect(ports).toEqual([]);
    expect(faults).toMatchObject([{ message: `"${text}" is no published port` }]);
  });
});

describe('mounts', () => {
  it.each([
    ['./data:/kafka:z', { kind: 'bind', source: './data', target: '/kafka' }],
    ['/data/:/kafka/', { kind: 'bind', source: '/data/', target: '/kafka' }],
    ['~/data:/kafka', { kind: 'bind', source: '~/data', target: '/kafka' }],
    ['C:\\data:/kafka:ro', { kind: 'bind', source: 'C:\\data', target: '/kafka' }],
    ['kafka-data:/kafka', { kind: 'volume', source: 'kafka-data', target: '/kafka' }],
    ['/kafka', { kind: 'anonymous', target: '/kafka' }],
  ])('%s', (text, expected) => {
    expect(service(`volumes: ['${text}']`).mounts).toMatchObject([expected]);
  });

  it('in the long form, and in memory', () => {
    const { mounts } = service(
      'volumes: [{type: bind, source: ./a, target: /a}, {type: volume, target: /b}]\ntmpfs: /c:size=1m',
    );
    expect(mounts).toMatchObject([
      { kind: 'bind', source: './a', target: '/a' },
      { kind: 'anonymous', target: '/b' },
      { kind: 'tmpfs', target: '/c' },
    ]);
  });
});

describe('the environment', () => {
  it('is a map or a list, with values as they are written', () => {
    const expected = { A: '1.20', B: 'true', C: 'x=y', D: '' };
    expect(environmentOf(service('environment: {A: 1.20, B: true, C: x=y, D: ""}'))).toEqual(
      expected,
    );
    expect(environmentOf(service('environment: [A=1.20, B=true, C=x=y, D=]'))).toEqual(expected);
  });

  it('takes a name alone from around', () => {
    const env = { A: 'around' };
    expect(environmentOf(service('environment: {A: , B: }', { env }))).toEqual(env);
    expect(environmentOf(service('environment: [A, B, constructor]', { env }))).toEqual(env);
  });

  it('has files below it, the later over the earlier', () => {
    const files = {
      'one.env': '# a comment\nA=one\nB="two words" # more\nexport C=${A}-${X:-x}\nD\n',
      'two.env': "A=two\nE='$A'\n",
    };
    const around = { files, env: { D: 'd' } };
    const text =
      'env_file: [one.env, {path: two.env}, {path: no.env, required: false}]\nenvironment: {B: own}';
    const made = service(text, around);
    expect(environmentOf(made)).toEqual({ A: 'two', B: 'own', C: 'one-x', D: 'd', E: '$A' });
    expect(made.environment.get('C')?.at).toEqual({ file: 'one.env', line: 4, column: 1 });
    expect(made.faults).toEqual([]);
  });

  it('knows where a value stands that came by an anchor', () => {
    const { environment } = composeFile(
      'x-env: &env\n  A: 1\n  B: 1\nservices:\n  kafka:\n    environment:\n      <<: *env\n      B: 2\n',
    ).services[0]!;
    expect(environment.get('A')).toMatchObject({ value: '1', at: { line: 2, column: 3 } });
    expect(environment.get('B')).toMatchObject({ value: '2', at: { line: 8, column: 7 } });
  });
});

describe('variables', () => {
  it('are filled in, and those without a value are known', () => {
    const made = service('image: kafka:${VERSION:-7.9}-${A}${B:?say it}', { env: { A: 'a' } });
    expect(made.image?.value).toBe('kafka:7.9-a');
    expect(made.faults).toMatchObject([{ rule: 'unset-variable', message: '$B has no value' }]);
  });

  it('leave a text as it is that is written wrongly', () => {
    const made = service('command: echo ${');
    expect(made.command?.text).toBe('echo ${');
    expect(made.faults).toMatchObject([{ rule: 'variable', weight: 'fatal' }]);
  });

  it.each([
    [
      'A=1\n\n#B=2\n  C = 3 ',
      [
        { name: 'A', value: '1', line: 1 },
        { name: 'C', value: '3', line: 4 },
      ],
    ],
    ['A="a\\nb"', [{ name: 'A', value: 'a\nb', line: 1 }]],
    ['A=a#b', [{ name: 'A', value: 'a#b', line: 1 }]],
    ['A', [{ name: 'A', line: 1 }]],
    ['=x\n!', []],
    [
      'A=1\nB=$A$C',
      [
        { name: 'A', value: '1', line: 1 },
        { name: 'B', value: '1', line: 2 },
      ],
    ],
  ])('of a file: %j', (text, expected) => {
    expect(parseVariables(text, {})).toEqual(expected);
  });
});

describe('a service', () => {
  it('has what it extends below it', () => {
    const text = [
      'services:',
      '  base:',
      '    image: a',
      '    environment: {A: 1, B: 1}',
      '    ports: ["1:1"]',
      '    volumes: ["xx:/data", "yy:/log"]',
      '  middle:',
      '    extends: base',
      '    environment: [B=2]',
      '  kafka:',
      '    extends: {service: middle}',
      '    image: b',
      '    ports: ["2:2"]',
      '    volumes: ["zz:/data"]',
    ].join('\n');
    const kafka = composeFile(text).services[2]!;
    expect(kafka.name).toBe('kafka');
    expect(kafka.image?.value).toBe('b');
    expect(environmentOf(kafka)).toEqual({ A: '1', B: '2' });
    expect(kafka.ports.map(({ host }) => host)).toEqual([1, 2]);
    expect(kafka.mounts.map(({ source }) => source)).toEqual(['zz', 'yy']);
  });

  it('may extend one of another file, and files may be included', () => {
    const files = {
      'base.yml': 'services:\n  base:\n    image: kafka:1\n',
      'more.yml': 'services:\n  zookeeper:\n    image: zookeeper\n  kafka:\n    image: other\n',
    };
    const text =
      'include: [more.yml, {path: [base.yml]}]\nservices:\n  kafka:\n    extends: {file: base.yml, service: base}\n';
    const { services } = composeFile(text, { files });
    expect(services.map(({ name, image }) => [name, image?.value])).toEqual([
      ['kafka', 'kafka:1'],
      ['zookeeper', 'zookeeper'],
      ['base', 'kafka:1'],
    ]);
    expect(services[0]!.image?.at.file).toBe('base.yml');
  });

  it.each([
    'services:\n  kafka:\n    extends: kafka\n',
    'services:\n  a:\n    extends: b\n  b:\n    extends: a\n',
    'services:\n  kafka:\n    extends: {file: docker-compose.yml, service: kafka}\n',
  ])('that extends itself has an end: %j', (text) => {
    const { services } = composeFile(text, { files: { 'docker-compose.yml': text } });
    expect(services[0]!.faults).toMatchObject([{ rule: 'other-file' }]);
  });

  it('is overridden by that of an override file', () => {
    const base = composeFile(
      'services:\n  a:\n    image: one\n    environment: [A=1]\n  b:\n    image: b\n',
    );
    const over = composeFile('services:\n  a:\n    environment: {B: 2}\n  c:\n    image: c\n');
    const { services } = overridden(base, over);
    expect(services.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    expect(services[0]!.image?.value).toBe('one');
    expect(environmentOf(services[0]!)).toEqual({ A: '1', B: '2' });
  });

  it('has its replicas, conditions, networks and times in every form', () => {
    const made = service(
      [
        'deploy: {replicas: 3}',
        'depends_on: {zookeeper: {condition: service_healthy}}',
        'networks: {back: {aliases: [broker]}, front: }',
        'stop_grace_period: 1m30s',
        'healthcheck: {test: [CMD-SHELL, "a b"]}',
        'command: sh -c "x  y"',
        'extra_hosts: ["host:1.2.3.4"]',
      ].join('\n'),
    );
    expect(made.replicas?.value).toBe(3);
    expect(made.dependsOn.get('zookeeper')?.condition).toBe('service_healthy');
    expect([...made.networks]).toEqual([
      ['back', ['broker']],
      ['front', []],
    ]);
    expect(made.stopGracePeriod?.value).toBe(90);
    expect(made.healthcheck?.value).toBe('a b');
    expect(made.command?.words).toEqual(['sh', '-c', 'x  y']);
    expect(made.extraHosts).toEqual(['host']);
  });

  it('has no networks with a network mode, and the default one without any', () => {
    expect([...service('network_mode: host').networks]).toEqual([]);
    expect([...service('image: a').networks.keys()]).toEqual(['default']);
    expect([...service('networks: [a, b]').networks.keys()]).toEqual(['a', 'b']);
  });
});

describe('networks', () => {
  it('have the names that Docker gives them', () => {
    const text =
      'services: {a: {image: a}}\nnetworks:\n  one:\n  two: {name: zwei}\n  three: {external: true}\n  four: {external: {name: vier}}\n';
    expect([...composeFile(text).networks].map(([key, { name }]) => [key, name])).toEqual([
      ['default', 'shop_default'],
      ['one', 'shop_one'],
      ['two', 'zwei'],
      ['three', 'three'],
      ['four', 'vier'],
    ]);
  });

  it('are of the project that is named', () => {
    const text = 'name: Big Shop\nservices: {a: {image: a}}\n';
    expect(composeFile(text).project).toBe('bigshop');
    expect(composeFile(text, { env: { COMPOSE_PROJECT_NAME: 'x' } }).project).toBe('x');
  });
});

describe('what is no compose file', () => {
  it.each([
    ['', /not a compose file/, /a map with the key services is expected/],
    ['- a\n- b\n', /not a compose file/, /a map with the key services/],
    ['a: 1\n', /not a compose file/, /there is no key services/],
    ['services: []\n', /not a compose file/, /there is no key services with services below it/],
    ['kafka:\n  image: kafka\n', /not a compose file/, /below the key services since version 2/],
    ['a: [1\n', /is not YAML/, /docker-compose\.yml:2:1: /],
    ['a: 1\n---\nb: 1\n', /is not YAML/, /:3:1: another document begins here|:2:1: another/],
    ['a: *b\n', /is not YAML/, /:1:4: there is no anchor &b/],
    ['a: \0\n', /is not YAML/, /not a text/],
    ['['.repeat(20_000), /is not YAML/, /./],
    [
      `a: &a [${'x,'.repeat(99)}]\nb: &b [${'*a,'.repeat(99)}]\nc: &c [${'*b,'.repeat(99)}]\nservices: {a: *c}\n`,
      /is not YAML/,
      /its aliases stand for too much/,
    ],
  ])('%#: an error says so', (text, message, detail) => {
    const failure = failureOf(text);
    expect(failure.kind).toBe('invalidSpec');
    expect(failure.message).toMatch(message);
    expect(failure.details.join('\n')).toMatch(detail);
  });

  it('but a file that holds itself is one', () => {
    expect(composeFile('x: &x\n  y: *x\nservices:\n  kafka: {image: a}\n').services).toHaveLength(
      1,
    );
  });
});

describe('words of a command line', () => {
  it.each([
    [`a  'b c' "d \\"e\\"" f\\ g`, ['a', 'b c', 'd "e"', 'f g']],
    [`x='a'"b"c`, ['x=abc']],
    ['a \\\n b', ['a', 'b']],
    [`''`, ['']],
    [`it's`, [`it's`]],
    ['', []],
  ])('%j', (text, words) => {
    expect(shellWords(text)).toEqual(words);
  });
});
