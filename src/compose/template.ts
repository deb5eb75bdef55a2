import { readFileSync } from 'node:fs';
import type { YAMLMap } from 'yaml';
import { parseDocument, type Document } from 'yaml';
import type { Profile } from '../spec/profile.js';

/** What YAML 1.1 would read as a number or a time is quoted: docker-compose 1 reads YAML 1.1. */
const yamlOptions = { compat: 'yaml-1.1' } as const;

/** A template as a tree that can be filled. */
export function template(name: string): Document.Parsed {
  const path = new URL(`../../templates/${name}`, import.meta.url);
  const document = parseDocument(readFileSync(path, 'utf8'), yamlOptions);
  const [error] = document.errors;
  if (error) throw error;
  document.commentBefore = null;
  return document;
}

const nodeTemplates = { zookeeper: 'zookeeper', broker: 'kafka' } as const;

/** The template of a node. */
export function nodeTemplate(role: keyof typeof nodeTemplates, profile: Profile): Document.Parsed {
  const name = nodeTemplates[role];
  return template(profile === 'fast' ? `${name}.yaml` : `${name}.${profile}.yaml`);
}

/** The environment that a service's template has. */
export function environmentOf(service: Document.Parsed): Record<string, string> {
  const { environment } = service.toJS() as { environment: Record<string, string> };
  return environment;
}

/** Makes the environment of a template this one; a variable that it had stays where it is, with its comment. */
export function setEnvironment(
  service: Document.Parsed,
  environment: Readonly<Record<string, string>>,
): void {
  const map = service.get('environment') as YAMLMap;
  for (const name of Object.keys(environmentOf(service)))
    if (!Object.hasOwn(environment, name)) map.delete(name);
  const before = environmentOf(service);
  for (const [name, value] of Object.entries(environment))
    if (before[name] !== value) map.set(name, value);
}
