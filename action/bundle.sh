#!/usr/bin/env bash
# The path of what tells why it failed: the bundle that a run has left in INPUT_BUNDLES, else one that is made of the
# cluster, where there is one.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
shopt -s nullglob

# In a mode that makes no annotation and no summary of a "no".
is_there() { kcluster logs --tail=0 --output=plain "--name=$INPUT_NAME" >/dev/null 2>&1; }

found=("$INPUT_BUNDLES"/*.tar.gz)
if ((${#found[@]} == 0)) && is_there; then
  kcluster bundle "--name=$INPUT_NAME" "--directory=$INPUT_BUNDLES"
  found=("$INPUT_BUNDLES"/*.tar.gz)
fi
if ((${#found[@]} == 0)); then
  echo 'there is no cluster to make a bundle of'
else
  output path "${found[0]}"
fi
