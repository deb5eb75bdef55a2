#!/usr/bin/env bash
# Runs those tests of kafkajs that need brokers without TLS and SASL, on the cluster that the environment names:
#   kafkajs.sh CHECKOUT RESULTS.json
# The checkout has its packages installed. Not run are tests of secured listeners, of ACLs, which come in by SASL, and
# one that finds its broker with `docker exec`.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
results=$(realpath "$2")
cd "$1"

# In a run of kcluster, the addresses of the listener that says "localhost"; see kafkajs.yaml.
if [ -n "${KCLUSTER_NAME:-}" ]; then
  KAFKA_BOOTSTRAP_SERVERS=$(node "$here/../../dist/main.js" connect env --from machine | sed -n 's/^KAFKA_BOOTSTRAP_SERVERS=//p')
  export KAFKA_BOOTSTRAP_SERVERS
fi

# Retries are for tests of kafkajs that are races; its own CI has two.
export NODE_ENV=test KAFKAJS_DEBUG_PROTOCOL_BUFFERS=1 TEST_RETRIES=${TEST_RETRIES:-4}
exec node node_modules/.bin/jest --ci --maxWorkers=2 --no-watchman --forceExit --json --outputFile="$results" \
  --moduleNameMapper "{\"(^|/)testHelpers\$\": \"$here/kafkajs-helpers.cjs\"}" \
  --testPathPattern 'src/(admin|broker|cluster|consumer|network|producer)/' \
  --testPathIgnorePatterns /node_modules/ Acls.spec rebalanceOnPartitionChange \
  --testNamePattern '^(?!.*(SSL|SASL|mechanism isn|user provided authenticator|session lifetime))' "${@:3}"
