import type { Service } from './model.js';
import { shellWords } from './shell-words.js';

/** The command and entry point of a service as one line. */
export function startLine({ entrypoint, command }: Service): string {
  return [entrypoint?.text, command?.text].filter(Boolean).join(' ');
}

/** The properties that a command gives to Kafka's start script: `--override NAME=VALUE`. */
export function startOverrides(service: Service): [property: string, value: string][] {
  // A shell in between fills in the service's own variables.
  const line = startLine(service).replaceAll(
    /\$\{?(\w+)\}?/g,
    (all: string, name: string) => service.environment.get(name)?.value ?? all,
  );
  const words = shellWords(line);
  return words.flatMap((word, index): [string, string][] => {
    const isValue = words[index - 1] === '--override';
    const [name = '', value] = word.split(/=(.*)/s, 2);
    return isValue && value !== undefined ? [[name, value]] : [];
  });
}
