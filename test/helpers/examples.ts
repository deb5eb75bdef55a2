import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('../../templates/examples/', import.meta.url));

export function exampleText(name: string): string {
  return readFileSync(`${directory}${name}.yaml`, 'utf8');
}

/** The example with all that is commented out lifted; what is prose stays a comment. */
export function lifted(text: string): string {
  return text.replaceAll(/^( *)# ( *(?!yaml-language-server)[\w.-]+:( |$))/gm, '$1$2');
}
