// What the numbers were measured on.
import { readFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { run } from './place.mjs';

export async function machine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    processors: `${cpus().length} x ${cpus()[0].model.trim()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    kernel: readFileSync('/proc/version', 'utf8').split(' ')[2],
    node: process.version,
    java: firstLine(await said('java', ['--version'])),
    docker: firstLine(await said('docker', ['version', '--format', '{{.Server.Version}}'])),
    'docker-compose 1': firstLine(await said('docker-compose', ['version', '--short'])),
    'docker compose': firstLine(await said('docker', ['compose', 'version', '--short'])),
    kcluster: JSON.parse(readFileSync(new URL('../package.json', import.meta.url))).version,
  };
}

async function said(command, args) {
  return await run(command, args, { timeout: 20_000 }).catch(() => 'none');
}

function firstLine(text) {
  return text.trim().split('\n')[0];
}
