import type { Request, Verdict } from './request.js';

/**
 * Asks for quotas of clients, of no kind in particular (KIP-546; Kafka 2.6 and newer). A broker keeps none of them: to
 * answer it reads ZooKeeper, in its own session (ZkAdminManager.describeClientQuotas), so that an answer without an error
 * tells that ZooKeeper has heard of the session since the question.
 */
export const clientQuotasRequest: Request<Verdict> = {
  apiKey: 48,
  apiVersion: 0,
  flexible: false,
  encode: (to) => to.array([], () => undefined).bool(false),
  decode(from) {
    from.int32();
    return { code: from.int16(), message: from.string() };
  },
};
