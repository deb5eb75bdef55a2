/** The examples that `kcluster init` writes. */
export const exampleNames = ['single', 'ensemble', 'three-brokers', 'legacy'] as const;
