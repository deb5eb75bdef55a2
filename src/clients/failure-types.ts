/** The types that kafkajs gives Kafka's errors (`NOT_CONTROLLER`, ...), of a failure and of what caused it. */
export function causeTypes(error: unknown): string[] {
  const types: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause)
    if ('type' in at && typeof at.type === 'string') types.push(at.type);
  return types;
}
