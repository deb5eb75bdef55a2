import { describe, expect, it } from 'vitest';
import type { ComposeDocument } from '../../src/compose/document.js';
import { renderDocument } from '../../src/compose/render.js';
import { clusterImages } from '../../src/images/choice.js';
import { existingLayer } from '../../src/spec/existing.js';
import { flagLayer } from '../../src/spec/flags.js';
import { simpleLayer, type Layer } from '../../src/spec/layer.js';
import { resolveSpec } from '../../src/spec/resolve.js';
import { layOut } from '../../src/topology/layout.js';
import { fixedPorts, portSlots } from '../../src/topology/ports.js';
import { observedAs } from '../helpers/clusters.js';

function document(layers: readonly Layer[]): ComposeDocument {
  const resolved = resolveSpec(layers);
  const { spec } = resolved;
  const topology = layOut(spec, 'bridge', fixedPorts(portSlots(spec, 'bridge')));
  return renderDocument(resolved, topology, clusterImages(spec).images).document;
}

describe('what a file has given', () => {
  const file = (settings: Record<string, string>): Layer =>
    simpleLayer('file', { kafka: { settings } }, 'kcluster.yaml');
  const made = document([file({ 'log.retention.hours': '1' })]);
  const scaled = document([
    flagLayer({ brokers: 2 }),
    existingLayer(observedAs('demo', made), false),
  ]);

  it('stays when the cluster is changed without the file', () => {
    expect(scaled.services['broker-2']?.environment['KAFKA_LOG_RETENTION_HOURS']).toBe('1');
  });

  it('goes when it is taken out of the file later', () => {
    const later = document([file({}), existingLayer(observedAs('demo', scaled), true)]);
    expect(Object.keys(later.services)).toContain('broker-2');
    expect(later.services['broker-2']?.environment).not.toHaveProperty('KAFKA_LOG_RETENTION_HOURS');
  });
});
