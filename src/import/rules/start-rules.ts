import { namesOf, serverAt } from '../context.js';
import { eachBroker, eachNode, type Problem, type Rules } from '../finding.js';
import type { Service } from '../model.js';

/** Order of start, networks, and what holds of containers in general. */
export const startRules: Rules = {
  'depends-on-missing': eachBroker((broker, { servers }) => {
    const { service, connect } = broker;
    const asked = connect?.servers.map(({ host }) => serverAt(servers, host)).find(Boolean);
    if (!asked || dependsOn(service, asked.service)) return [];
    return [
      {
        level: 'warning',
        at: service.at,
        service,
        message: `depends_on has no ${asked.service.name}`,
        why: 'Compose may start the broker first, and stops both at once: a broker that loses ZooKeeper while it stops hangs until it is killed.',
        fix: `Add depends_on: [${asked.service.name}].`,
      },
    ];
  }),
  'depends-on-order': eachBroker(({ service, connect }, { servers }) => {
    const asked = connect?.servers.map(({ host }) => serverAt(servers, host)).find(Boolean);
    const dependency = asked && service.dependsOn.get(asked.service.name);
    if (!dependency || dependency.condition !== 'service_started') return [];
    return [
      {
        level: 'note',
        at: dependency.at,
        service,
        message: `depends_on waits until ${asked.service.name} is started, not until it serves`,
        why: `A broker that does not reach ZooKeeper in time ends${service.restart ? '' : ', and without a restart policy it stays so'}.`,
        fix: `Give ${asked.service.name} a healthcheck, such as echo srvr | nc -w 2 localhost 2181 | grep -q Mode, and say condition: service_healthy here.`,
      },
    ];
  }),
  'depends-on-health': eachNode(({ service }, { file }) =>
    [...service.dependsOn].flatMap(([name, { condition, at }]): Problem[] => {
      const other = file.services.find((each) => each.name === name);
      if (!other) {
        return [
          {
            level: 'error',
            at,
            service,
            message: `depends_on names ${name}, and there is no such service`,
            why: 'Compose refuses the file.',
            fix: 'Correct the name, or leave it out.',
          },
        ];
      }
      // An image may have a check of its own; those of ZooKeeper have none.
      const isNode = /zookeeper|cp-kafka|wurstmeister/.test(other.image?.value ?? '');
      if (condition !== 'service_healthy' || other.healthcheck || !isNode) return [];
      return [
        {
          level: 'error',
          at,
          service,
          message: `depends_on waits until ${name} is healthy, and it has no healthcheck`,
          why: 'The image has none either, so Compose gives up.',
          fix: `Give ${name} a healthcheck.`,
        },
      ];
    }),
  ),
  'network-apart': eachBroker(({ service, connect }, { servers }) =>
    (connect?.servers ?? []).flatMap(({ host }): Problem[] => {
      const server = serverAt(servers, host)?.service;
      if (!server || service.networkMode || server.networkMode) return [];
      const shared = [...service.networks.keys()].some((name) => server.networks.has(name));
      if (shared) return [];
      return [
        {
          level: 'error',
          at: service.keys.get('networks') ?? service.at,
          service,
          message: `${server.name} is in no network of this service`,
          why: 'Containers know each other by name in a network that they share.',
          fix: `Put both in one network.`,
        },
      ];
    }),
  ),
  'network-mode': eachNode(({ service }) => {
    const { networkMode } = service;
    if (networkMode?.value !== 'host') return [];
    return [
      {
        level: 'note',
        at: networkMode.at,
        service,
        message: "the container shares the host's network",
        why: 'Ports are not published but taken as they are, names of services are not known, and Docker Desktop has it for a Linux machine that you do not see.',
        fix: 'Leave it out, and publish ports.',
      },
    ];
  }),
  'container-name': eachNode(({ service }) => {
    const { containerName } = service;
    if (!containerName) return [];
    return [
      {
        level: 'note',
        at: containerName.at,
        service,
        message: `there can be one container ${containerName.value} on a machine`,
        why: 'A second project, or a copy in another directory, can not be started beside it.',
        fix: `Leave it out; Compose finds the container by the service, as in docker compose logs ${service.name}.`,
      },
    ];
  }),
  links: eachNode(({ service }) => {
    const at = service.keys.get('links');
    if (!at || service.links.length === 0) return [];
    return [
      {
        level: 'note',
        at,
        service,
        message: 'links are not needed',
        why: 'Services of one network know each other by name.',
        fix: 'Say depends_on for the order.',
      },
    ];
  }),
  profile: eachNode(({ service }) => {
    const [profile] = service.profiles;
    if (!profile) return [];
    return [
      {
        level: 'note',
        at: profile.at,
        service,
        message: `it is started with the profile ${profile.value} only`,
        why: `Without --profile ${profile.value} or COMPOSE_PROFILES Compose leaves it out.`,
        fix: 'Leave the profile out where it is always wanted.',
      },
    ];
  }),
};

function dependsOn(service: Service, other: Service): boolean {
  const names = namesOf(other);
  return (
    service.dependsOn.has(other.name) ||
    service.links.some(({ value }) => names.includes(value.split(':')[0]!))
  );
}
