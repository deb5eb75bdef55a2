/** The global teardown of what `kcluster/jest/setup` has set up. */
export { teardown as default } from './jest.js';
