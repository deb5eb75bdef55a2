import { setupWith } from './jest.js';

/** The global setup for the cluster of the kcluster.yaml that is there, else for one broker and one ZooKeeper. */
// eslint-disable-next-line no-restricted-syntax -- Jest takes a default export
export default setupWith();
