/** A broker that does not tell its cluster's id is not held against it. */
export function isSameCluster(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}
