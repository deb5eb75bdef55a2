// Joins the compiled modules of build/ in the files of dist/: Node.js loads a few files sooner than hundreds.
//   node scripts/bundle.mjs
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const root = fileURLToPath(new URL('../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** Loaded from where they are installed: by few commands, or by whoever has them. */
const installed = ['@pnpm/tabtab', 'kafkajs', 'node-zookeeper-client', 'undici', 'vitest'];

/** What dockerode has for BuildKit, for daemons by ssh and for directories to build: most of its time to load. */
const unused = [
  /\/dockerode\/lib\/(session|buildkit)\.js$/,
  /\/docker-modem\/lib\/ssh\.js$/,
  /\/(tar-fs|@balena\/dockerignore)\/[\w-]+\.js$/,
];

/** The directories of the packages in the bundles. */
const packages = new Set();

const leanDockerode = {
  name: 'lean-dockerode',
  load: (id) =>
    unused.some((path) => path.test(id))
      ? 'module.exports = () => { throw new Error("left out of the bundle"); };'
      : null,
  transform(code, id) {
    if (!id.endsWith('/docker-modem/lib/modem.js')) return null;
    // A text of the whole request, which takes milliseconds, for nobody.
    const eager = "debug('Sending: %s', util.inspect(";
    if (!code.includes(eager)) throw new Error(`docker-modem has changed: no ${eager}`);
    return code.replace(eager, `if (debug.enabled) ${eager}`);
  },
};

// The program is CommonJS, which Node.js loads in half the time; programs that use the library import ES modules.
await write({
  entries: { main: `${root}build/main.js` },
  format: 'cjs',
  chunks: 'chunks',
  first: { ground: `${root}build/system/compiled-code.js`, start: `${root}build/cli/serve.js` },
});
writeFileSync(`${root}dist/package.json`, '{ "type": "commonjs" }\n');
chmodSync(`${root}dist/main.js`, 0o755);

const library = Object.values(manifest.exports).flatMap((each) => each.default ?? []);
await write({
  entries: Object.fromEntries(
    library
      .map((path) => path.replace(/^\.\/dist\/(.*)\.js$/, '$1'))
      .map((entry) => [entry, `${root}build/${entry}.js`]),
  ),
  format: 'esm',
  chunks: 'library',
});
writeFileSync(`${root}dist/library/package.json`, '{ "type": "module" }\n');

writeFileSync(
  `${root}dist/third-party-licenses.txt`,
  [...packages].sort().map(licenseOf).join('\n'),
);

/** The licenses of what is in the bundles want to be with it. */
function licenseOf(directory) {
  const { name, version, license } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  const file = readdirSync(directory).find((each) => /^licen[cs]e/i.test(each));
  const text = file === undefined ? '' : readFileSync(join(directory, file), 'utf8');
  return `== ${name} ${version}, ${license}\n\n${text}`;
}

/**
 * Writes one bundle. Its chunks are as deep in dist/ as modules are in src/, so that they find what is beside it by
 * the same relative paths.
 * @param first chunks that every run needs, by a module that needs all of each
 */
async function write({ entries, format, chunks, first = {} }) {
  const graph = new Map();
  const drawGraph = {
    name: 'draw-graph',
    moduleParsed: ({ id, importedIds }) => {
      graph.set(id, importedIds);
      const [directory] = /^.*\/node_modules\/(@[^/]+\/)?[^/]+/.exec(id) ?? [];
      if (directory) packages.add(directory);
    },
  };
  const isLight = (id) =>
    [...closure(graph, id)].every((each) => each.startsWith(root) && !isPackage(each));
  const bundle = await rolldown({
    input: entries,
    platform: 'node',
    preserveEntrySignatures: 'allow-extension',
    external: (id) => installed.some((name) => id === name || id.startsWith(`${name}/`)),
    plugins: [leanDockerode, drawGraph],
    checks: { ineffectiveDynamicImport: false },
  });
  const { output } = await bundle.write({
    dir: `${root}dist`,
    format,
    chunkFileNames: `${chunks}/[name]-[hash].js`,
    codeSplitting: {
      includeDependenciesRecursively: false,
      groups: [
        ...Object.entries(first).map(([name, module]) => ({
          name,
          test: (id) => closure(graph, module).has(id),
        })),
        // What is shared by so many that who needs one soon needs more; nothing that loads a package for all of them.
        { name: 'common', test: isLight, minShareCount: 4 },
      ],
    },
    comments: { jsdoc: false },
  });
  await bundle.close();
  removeOthers(`${root}dist/${chunks}`, new Set(output.map(({ fileName }) => basename(fileName))));
}

/** A module and what it imports statically, however far. */
function closure(graph, id, found = new Set()) {
  if (found.has(id) || !graph.has(id)) return found;
  found.add(id);
  for (const each of graph.get(id)) closure(graph, each, found);
  return found;
}

function isPackage(id) {
  return id.includes('/node_modules/');
}

/** What an earlier bundle has left: names of chunks change with their content. */
function removeOthers(directory, written) {
  for (const name of readdirSync(directory))
    if (name.endsWith('.js') && !written.has(name)) rmSync(join(directory, name));
}
