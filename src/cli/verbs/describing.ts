import { exampleNames } from '../../commands/example-names.js';
import { shells, type Shell } from '../../commands/shells.js';
import { flagsOnly, type Verb } from '../verb.js';

/** Verbs about files, images and this program. */
export const describing: readonly Verb[] = [
  {
    signature: 'init [example]',
    summary: 'Write a kcluster.yaml to begin with',
    operand: { description: 'what it describes (default: single)', choices: exampleNames },
    flags: ['init', 'output'],
    examples: [
      'kcluster init',
      'kcluster init ensemble',
      'kcluster init three-brokers --file - > cluster.yaml',
    ],
    load: async () => (await import('../../commands/init.js')).init,
  },
  {
    signature: 'config',
    summary: 'Print what flags, the file and defaults come to, and where each value comes from',
    flags: ['cluster', 'file', 'shape', 'config', 'output'],
    readsSpec: true,
    examples: [
      'kcluster config',
      'kcluster config --file cluster.yaml --brokers 3',
      'kcluster config --schema > kcluster.schema.json',
    ],
    load: async () => flagsOnly((await import('../../commands/config.js')).config),
  },
  {
    signature: 'render',
    summary: 'Print the compose file of a cluster; start nothing',
    flags: ['cluster', 'file', 'shape', 'output'],
    readsSpec: true,
    examples: [
      'kcluster render > compose.yaml',
      'kcluster render --engine process --brokers 3 --zookeepers 3',
    ],
    load: async () => flagsOnly((await import('../../commands/render.js')).render),
  },
  {
    signature: 'import [compose-file]',
    summary: 'Turn a compose file into a kcluster.yaml, and say what is wrong with it',
    flags: ['import', 'output'],
    examples: [
      'kcluster import && kcluster up',
      'kcluster import --check docker-compose.yml',
      'kcluster import - --to - < docker-compose.yml',
    ],
    load: async () => (await import('../../commands/import.js')).importCompose,
  },
  {
    signature: 'images',
    summary: 'Show which images of brokers and ZooKeepers are known to work together',
    flags: ['images', 'output'],
    examples: ['kcluster images', 'kcluster images --kafka 3.5', 'kcluster images --family apache'],
    load: async () => flagsOnly((await import('../../commands/images.js')).images),
  },
  {
    signature: 'build',
    under: 'images',
    summary: 'Build kcluster/zookeeper and kcluster/kafka on a base image with a Java runtime',
    flags: ['build', 'output'],
    examples: [
      'kcluster images build',
      'kcluster images build --kafka 2.8,3.5',
      'kcluster images build --base my-registry.example/java:21 && kcluster up --images local',
    ],
    load: async () => flagsOnly((await import('../../commands/images-build.js')).imagesBuild),
  },
  {
    signature: 'completion <shell>',
    summary: 'Print the completion script for bash, zsh or fish',
    operand: { description: 'what completes', choices: shells },
    flags: [],
    examples: [
      'source <(kcluster completion bash)',
      'kcluster completion zsh > ~/.zfunc/_kcluster',
      'kcluster completion fish > ~/.config/fish/completions/kcluster.fish',
    ],
    load: async () => {
      const { completion } = await import('../../commands/completion.js');
      return (_context, operands) => completion(operands[0] as Shell);
    },
  },
];
