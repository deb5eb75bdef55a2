import type { Request, Verdict } from './request.js';

const exactMatch = 0; // org.apache.kafka.common.requests.DescribeClientQuotasRequest.MATCH_TYPE_EXACT

/**
 * The quotas of a user that nobody is; of the answer only whether the broker could tell. Any broker asks ZooKeeper for
 * them (ZkAdminManager.describeClientQuotas), and answers from its memory what is asked more often. Kafka 2.6 and newer.
 */
export const nobodysQuotasRequest: Request<Verdict> = {
  apiKey: 48,
  apiVersion: 0,
  flexible: false,
  encode: (to) =>
    to
      .array(['kcluster-nobody'], (user) => to.string('user').int8(exactMatch).string(user))
      .bool(true),
  decode(from) {
    from.int32(); // throttle time
    return { code: from.int16(), message: from.string() };
  },
};
