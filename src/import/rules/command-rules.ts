import { unknownImage } from '../broker-dialects.js';
import { eachNode, type Problem, type Rules } from '../finding.js';
import { isLineFrom, lineOf } from '../kafka-line.js';
import type { Place } from '../yaml-tree.js';
import type { Service } from '../model.js';
import { imageOf } from '../roles.js';
import { confluentServer, officialServer } from '../server-dialects.js';
import { takesClientPort, type Server } from '../server.js';

/** Commands and health checks that do not do what they seem to. */
export const commandRules: Rules = {
  'four-letter-word': ({ servers }) => servers.flatMap(wordProblem),
  'health-http': eachNode(({ service }) => {
    const check = service.healthcheck;
    if (!check || !/(curl|wget|http:\/\/)[^|;&]*:(2181|9092|29092)\b/.test(check.value)) return [];
    return [
      {
        level: 'error',
        at: check.at,
        service,
        message: 'the health check speaks HTTP to a port that does not',
        why: 'ZooKeeper and Kafka have protocols of their own there: the bytes of a GET are taken for a length, and the connection is closed.',
        fix: 'Ask ZooKeeper with echo srvr | nc -w 2 localhost 2181 | grep -q Mode, and Kafka with one of its tools.',
      },
    ];
  }),
  /** Its Dockerfile installs netcat and wget. */
  'health-curl': ({ servers }) =>
    servers.flatMap(({ service, dialect }): Problem[] => {
      const check = service.healthcheck;
      if (dialect !== officialServer || !check || !/\bcurl\b/.test(check.value)) return [];
      return [
        {
          level: 'error',
          at: check.at,
          service,
          message: 'the image has no curl: it is never healthy',
          why: 'The official image has nc and wget.',
          fix: 'Take echo srvr | nc -w 2 localhost 2181 | grep -q Mode.',
        },
      ];
    }),
  'tool-name': ({ brokers }) =>
    brokers.flatMap(({ service, dialect }): Problem[] => {
      const check = service.healthcheck;
      if (!check || dialect.name === unknownImage) return [];
      const tools = check.value.match(/(?<![\w.-])kafka-[a-z-]+(\.sh)?(?![\w.:-])/g) ?? [];
      const isPlain = dialect.tools === 'kafka-topics';
      const wrong = tools.find((tool) => tool.endsWith('.sh') === isPlain);
      if (wrong === undefined) return [];
      const right = isPlain ? wrong.replace(/\.sh$/, '') : `${wrong}.sh`;
      return [
        {
          level: 'error',
          at: check.at,
          service,
          message: `the image has no ${wrong}: it is never healthy`,
          why: `${dialect.name} calls Kafka's tools ${isPlain ? 'without' : 'with'} .sh.`,
          fix: `Write ${right}.`,
        },
      ];
    }),
  'zookeeper-option': ({ file }) =>
    commandsIn(file.services).flatMap(({ service, text, at }): Problem[] => {
      const [, tool] =
        /(kafka-(?:topics|reassign-partitions)(?:\.sh)?)\b[^;&|]*--zookeeper\b/.exec(
          text.replaceAll('\n', ' '),
        ) ?? [];
      if (tool === undefined) return [];
      const line = lineOf(imageOf(service));
      const isGone = line === undefined || isLineFrom(line, '3.0');
      return [
        {
          level: isGone ? 'error' : 'note',
          at,
          service,
          message: `${tool} --zookeeper ${isGone ? 'is gone since Kafka 3.0' : 'is deprecated'}`,
          why: 'The tools ask a broker, which checks what they want.',
          fix: 'Write --bootstrap-server with the address of a broker.',
        },
      ];
    }),
  'broker-list-option': ({ file }) =>
    commandsIn(file.services)
      .filter(({ text }) =>
        /kafka-console-producer(\.sh)?\b[^;&|]*--broker-list\b/.test(text.replaceAll('\n', ' ')),
      )
      .map(({ service, at }) => ({
        level: 'note',
        at,
        service,
        message: 'kafka-console-producer --broker-list is deprecated',
        why: 'Kafka 4.0 has removed it.',
        fix: 'Write --bootstrap-server.',
      })),
};

interface Command {
  service: Service;
  text: string;
  at: Place;
}

function commandsIn(services: readonly Service[]): Command[] {
  return services.flatMap((service) => {
    const { entrypoint, command, healthcheck } = service;
    return [
      ...[entrypoint, command].flatMap((each) => (each ? [{ text: each.text, at: each.at }] : [])),
      ...(healthcheck ? [{ text: healthcheck.value, at: healthcheck.at }] : []),
    ].map((each) => ({ service, ...each }));
  });
}

/** ZooKeeper since 3.5.3: a word that is not on the whitelist gets a refusal, on a connection that is fine. */
function wordProblem(server: Server): Problem[] {
  const refused = refusedWord(server);
  if (!refused) return [];
  const { word, allowed } = refused;
  const { service, dialect } = server;
  const check = service.healthcheck!;
  const isLooked = /grep|imok|=|test /.test(check.value);
  const variable =
    dialect === confluentServer
      ? `KAFKA_OPTS: -Dzookeeper.4lw.commands.whitelist=srvr,${word}`
      : `ZOO_4LW_COMMANDS_WHITELIST: srvr,${word}`;
  return [
    {
      level: isLooked ? 'error' : 'warning',
      at: check.at,
      service,
      message: isLooked
        ? `${word} is not allowed here: it is never healthy`
        : `${word} is not allowed here, and the check does not look at the answer`,
      why: `ZooKeeper answers "${word} is not executed because it is not in the whitelist", and allows ${allowed.join(', ')} only.`,
      fix: `Ask with echo srvr | nc -w 2 localhost 2181 | grep -q Mode, or add ${variable}.`,
    },
  ];
}

/** A four-letter word that the health check sends, and that is not answered. */
function refusedWord(server: Server): { word: string; allowed: readonly string[] } | undefined {
  const check = server.service.healthcheck?.value ?? '';
  const [, word] = /\b(ruok|stat|mntr|conf|cons|dump|isro)\b/.exec(check) ?? [];
  const allowed = allowedWords(server);
  if (word === undefined || !allowed || /zkServer|wget|curl/.test(check)) return undefined;
  return allowed.includes(word) || allowed.includes('*') ? undefined : { word, allowed };
}

/** The four-letter words that are answered; undefined for all. */
function allowedWords({ service, dialect, settings }: Server): readonly string[] | undefined {
  if (!takesClientPort(service)) return undefined;
  const whitelist = settings.get('4lw.commands.whitelist');
  return whitelist?.value.split(',').map((each) => each.trim()) ?? dialect.fourLetterWords;
}
