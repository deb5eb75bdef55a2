/** Which room may import which, and which package belongs to which room. */
const rooms = (...names) => names.map((name) => `^src/${name}`).join('|');
/** Packages that ship inside the bundles of dist/, and are not installed beside them. */
const bundled = [
  'cli-table3',
  'fast-xml-builder',
  'fastest-levenshtein',
  'log-update',
  'tar-stream',
  'zod',
];
const only = (name, packages, path) => ({
  name,
  severity: 'error',
  from: { path: '^src', pathNot: path },
  to: { path: packages },
});

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-package-in-src',
      severity: 'error',
      from: { path: '^src' },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only', 'npm-peer'],
        pathNot: ['@types', ...bundled.map((name) => `node_modules/${name}/`)],
      },
    },
    {
      name: 'only-who-puts-it-together-knows-engines',
      severity: 'error',
      from: { path: '^src', pathNot: rooms('cli/', 'engines/', 'library/') },
      to: { path: rooms('engines/') },
    },
    {
      name: 'engines-do-not-know-each-other',
      severity: 'error',
      from: { path: '^src/engines/([^/]+)/' },
      to: { path: '^src/engines/', pathNot: '^src/engines/$1/' },
    },
    {
      name: 'nothing-imports-cli',
      severity: 'error',
      from: { path: '^src', pathNot: rooms('cli/', 'main') },
      to: { path: rooms('cli/', 'main') },
    },
    {
      name: 'nothing-imports-library',
      severity: 'error',
      from: { path: '^src', pathNot: rooms('library/') },
      to: { path: rooms('library/') },
    },
    {
      name: 'nothing-below-imports-commands',
      severity: 'error',
      from: { path: '^src', pathNot: rooms('cli/', 'commands/', 'main') },
      to: { path: rooms('commands/') },
    },
    {
      name: 'nothing-below-imports-operations',
      severity: 'error',
      from: {
        path: '^src',
        pathNot: rooms('cli/', 'commands/', 'library/', 'main', 'operations/'),
      },
      to: { path: rooms('operations/') },
    },
    {
      name: 'report-is-data-in-words-out',
      severity: 'error',
      from: { path: rooms('report/') },
      to: {
        path: rooms('engines/', 'clients/', 'jars/', 'system/'),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'pure-rooms-stay-pure',
      comment: 'what decides does not do',
      severity: 'error',
      from: { path: '^src/(spec|topology|cluster|connect|import)/' },
      to: { path: '^(node:)?(fs|net|child_process|http|os)(/|$)' },
    },
    {
      name: 'bundle-is-for-those-who-ask',
      severity: 'error',
      from: {
        path: '^src',
        pathNot: rooms('bundle/', 'commands/', 'library/', 'operations/'),
      },
      to: { path: rooms('bundle/') },
    },
    {
      name: 'bundle-reads-only',
      comment: 'it asks engines and clients, and changes nothing of a cluster',
      severity: 'error',
      from: { path: rooms('bundle/') },
      to: {
        path: '^src/',
        pathNot: rooms('bundle/', 'clients/', 'compose/', 'errors', 'system/', 'topology/'),
        dependencyTypesNot: ['type-only'],
      },
    },
    {
      name: 'system-and-errors-are-the-ground',
      severity: 'error',
      from: { path: rooms('system/', 'errors') },
      to: { path: '^src/', pathNot: rooms('system/', 'errors') },
    },
    only(
      'dockerode-in-docker-only',
      'node_modules/(dockerode|docker-modem)/',
      '^src/engines/docker/',
    ),
    only(
      'child-process-in-two-rooms-only',
      '^(node:)?child_process$',
      '^src/(engines/process|children)/',
    ),
    {
      name: 'kafkajs-in-clients-only',
      comment: 'smoke/ and topics/ speak of its types, and get their clients from clients/',
      severity: 'error',
      from: { path: '^src', pathNot: '^src/clients/' },
      to: { path: 'node_modules/kafkajs/', dependencyTypesNot: ['type-only'] },
    },
    only(
      'zookeeper-client-in-clients-only',
      'node_modules/node-zookeeper-client/',
      '^src/clients/',
    ),
    only(
      'tar-in-docker-and-bundle-only',
      'node_modules/tar-stream/',
      '^src/(bundle|engines/docker)/',
    ),
    only('chalk-in-report-only', 'node_modules/chalk/', '^src/report/'),
    only('commander-in-cli-only', 'node_modules/commander/', '^src/cli/'),
    only('yaml-where-files-are-read-only', 'node_modules/yaml/', '^src/(compose|import|spec)/'),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
