#!/usr/bin/env bash
# Runs the tests of franz-go's client on three brokers of the environment, KGO_SEEDS:
#   franz-go.sh CHECKOUT RESULTS.json
# Tests of groups and transactions move 20,000 records here, not the 500,000 that are the default.
set -euo pipefail
results=$(realpath "$2")
cd "$1/pkg/kgo"
export KGO_TEST_RECORDS=${KGO_TEST_RECORDS:-20000} KGO_LOG_LEVEL=${KGO_LOG_LEVEL:-none}
go test -json -count=1 -timeout 10m "${@:3}" . >"$results"
