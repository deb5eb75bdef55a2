#!/usr/bin/env bash
# Removes the cluster with its data; fine where there is none.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

kcluster down --volumes "--name=$INPUT_NAME"
