import type { EngineSite } from '../cluster/engine.js';
import type { ObservedProject } from '../cluster/observed.js';
import { jvmDefaults } from '../compose/jvm-defaults.js';
import { ExitCode, KclusterError } from '../errors.js';
import { pairsOf } from '../images/catalog.js';
import { clusterImages } from '../images/choice.js';
import type { Outcome } from '../report/outcome.js';
import { explainedYaml, inSchemaOrder, originsOf } from '../spec/explained.js';
import { clusterJsonSchema } from '../spec/json-schema.js';
import { simpleLayer, type Layer } from '../spec/layer.js';
import { mergeTrees, treeOf, valueAt, type SpecTree } from '../spec/path.js';
import { originOf, type ResolvedSpec } from '../spec/resolve.js';
import { specKeys } from '../spec/schema-walk.js';
import type { CommandContext } from './context.js';
import type { ProjectOptions } from '../operations/context.js';
import { resolveOn, type DesignOptions } from '../operations/design.js';
import { assertSaid } from '../operations/said.js';

export interface ConfigOptions extends ProjectOptions, DesignOptions {
  schema?: boolean;
}

/** `kcluster config`: what flags, the file, the cluster that is there and defaults come to, and which says what. */
export async function config(context: CommandContext, options: ConfigOptions): Promise<Outcome> {
  if (options.schema) return schemaOutcome();
  await assertSaid(context, options);
  const { engine, observed } = await lookAt(context, options);
  const resolved = resolveOn(engine, options, observed);
  const implied = impliedLayers(resolved);
  const spec = inSchemaOrder(
    implied.reduce<SpecTree>((all, { tree }) => mergeTrees(all, tree), resolved.spec),
  );
  const origin = originOf.bind(undefined, [...resolved.layers, ...implied]);
  return {
    exitCode: ExitCode.ok,
    data: { spec, origins: originsOf(spec, origin) },
    text: () => explainedYaml(spec, origin),
  };
}

function schemaOutcome(): Outcome {
  const schema = clusterJsonSchema();
  return { exitCode: ExitCode.ok, data: schema, text: () => JSON.stringify(schema, null, 2) };
}

/** What is there of the cluster, where an engine answers. */
async function lookAt(
  { engines, emit }: CommandContext,
  { name, engine: wish }: ConfigOptions,
): Promise<{ engine: EngineSite; observed: ObservedProject }> {
  try {
    const { engine, reason, observed } = await engines.select(name, wish);
    emit({ type: 'engine', engine: engine.name, description: engine.description, reason });
    return { engine, observed };
  } catch (error) {
    if (!(error instanceof KclusterError) || error.kind !== 'noEngine') throw error;
    const message = `${error.message}; what a cluster that is there remembers is not known`;
    emit({ type: 'notice', message });
    const observed = { project: name, nodes: [], networks: [], volumes: [] };
    return { engine: { name: wish === 'process' ? 'process' : 'docker' }, observed };
  }
}

/** What nobody says, and is known all the same: images with their version of Kafka, and what templates have. */
function impliedLayers(resolved: ResolvedSpec): Layer[] {
  const { spec } = resolved;
  const { kafka, zookeeper } = clusterImages(resolved);
  const version = pairsOf(spec.images).find((pair) => pair.kafka === kafka.image)?.kafkaLine;
  const ofImages = {
    zookeeper: { image: zookeeper.image },
    kafka: { image: kafka.image, ...(version !== undefined && { version }) },
  };
  const ofTemplates = specKeys()
    .filter(({ path, fallback }) => fallback !== undefined && valueAt(spec, path) === undefined)
    .filter(({ path }) => !path.includes('*'))
    .reduce<SpecTree>((all, { path, fallback }) => mergeTrees(treeOf(path, fallback), all), {});
  const { profile } = spec;
  return [
    simpleLayer('default', ofImages, `${spec.images} images`),
    ...(profile === 'fast'
      ? []
      : [simpleLayer('default', jvmDefaults(profile), `profile ${profile}`)]),
    simpleLayer('default', ofTemplates, 'default'),
  ];
}
