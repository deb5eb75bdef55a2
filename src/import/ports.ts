import type { PublishedPort } from './model.js';
import { childOf, itemsIn, misshapen, textIn, type Form } from './tree-reading.js';
import type { Place, Tree, TreeMap } from './yaml-tree.js';

/**
 * Published ports, in the short form `[IP:][HOST:]CONTAINER[/PROTOCOL]`, where a port may be a range, and in the long
 * one.
 * @see Compose specification, "ports"
 */
export function portsIn(form: Form, tree: Tree | undefined): PublishedPort[] {
  return itemsIn(form, tree, 'ports').flatMap((item) => {
    if (item.kind === 'map') return longPort(form, item);
    const said = textIn(form, item, 'ports');
    return said ? shortPort(form, said.value, said.at) : [];
  });
}

function shortPort(form: Form, text: string, at: Place): PublishedPort[] {
  const [ports = '', protocol = 'tcp'] = text.split('/');
  const cut = ports.lastIndexOf(':');
  const { hostIp, host } = outsideOf(ports.slice(0, Math.max(0, cut)));
  const inside = rangeOf(ports.slice(cut + 1));
  const outside = host === '' ? [] : rangeOf(host);
  if (inside === undefined || outside === undefined || hostIp === undefined) {
    misshapen(form, at, `"${text}" is no published port`);
    return [];
  }
  return publishedPorts(inside, outside, { ...(hostIp !== '' && { hostIp }), protocol, at });
}

/** `IP:HOST`, `HOST` or nothing; an IPv6 address stands in brackets. */
function outsideOf(text: string): { hostIp: string | undefined; host: string } {
  const cut = text.lastIndexOf(':');
  const isPort = /^[\d-]*$/.test(text.slice(cut + 1));
  const address = text.slice(0, isPort ? Math.max(0, cut) : undefined);
  const [, ipv6] = /^\[(.*)\]$/.exec(address) ?? [];
  return {
    hostIp: ipv6 ?? (/^[\d.]*$/.test(address) ? address : undefined),
    host: isPort ? text.slice(cut + 1) : '',
  };
}

function longPort(form: Form, map: TreeMap): PublishedPort[] {
  const said = (key: string): string | undefined => textIn(form, childOf(map, key), key)?.value;
  const inside = rangeOf(said('target') ?? '');
  const published = said('published') ?? '';
  const outside = published === '' ? [] : rangeOf(published);
  if (inside === undefined || outside === undefined) {
    misshapen(form, map.at, 'a published port has a target');
    return [];
  }
  const hostIp = said('host_ip') ?? '';
  const protocol = said('protocol') ?? 'tcp';
  return publishedPorts(inside, outside, {
    ...(hostIp !== '' && { hostIp }),
    protocol,
    at: map.at,
  });
}

/** Each container port with its host port; of a range of host ports for one container Docker takes any. */
function publishedPorts(
  inside: readonly number[],
  outside: readonly number[],
  { protocol, ...common }: Pick<PublishedPort, 'hostIp' | 'protocol' | 'at'>,
): PublishedPort[] {
  const isOneToOne = inside.length === outside.length;
  return inside.map((container, index) => ({
    ...common,
    protocol: protocol.toLowerCase(),
    ...(isOneToOne && { host: outside[index]! }),
    container,
  }));
}

/** `9092` or `9092-9094`. */
function rangeOf(text: string): number[] | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const first = Number(match[1]);
  const last = Number(match[2] ?? match[1]);
  if (first < 1 || last > 65535 || last < first) return undefined;
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}
