import { simpleLayer, type Layer } from '../spec/layer.js';

/** What is so of a cluster that a process has for itself, unless something else is said. */
export const ownDefaults: Layer = simpleLayer('default', { ports: 'auto' }, 'a cluster of its own');
