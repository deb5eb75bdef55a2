#!/usr/bin/env bash
# Which cluster is to go: the one that is named, else the job's last; none where none was started.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

name=${INPUT_NAME:-${KCLUSTER_NAME-}}
if [[ -z $name ]]; then
  echo 'no cluster was started'
  exit
fi
output name "$name"
output artifact "${INPUT_BUNDLE_NAME:-kcluster-$name}"
output bundles "$(mktemp -d "$RUNNER_TEMP/kcluster.XXXXXX")"
