#!/usr/bin/env bash
# Runs the lines that are given as a step's would be, on a cluster that is there for them alone.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

read_flags
# As the runner does it, in a file, which is short to name.
lines=$(dirname "$INPUT_FLAGS")/run.sh
if [[ $INPUT_SMOKE == true ]]; then echo 'kcluster smoke' >"$lines"; fi
printf '%s\n' "$INPUT_RUN" >>"$lines"
if [[ $INPUT_DETACH_AFTER ]]; then flags+=("--detach-after=$INPUT_DETACH_AFTER"); fi
flags+=("--bundle=$INPUT_BUNDLES")
# They are the action's, and not for what it runs.
export -n "${!INPUT_@}"
# In the place of this process, so that the runner's signals reach it.
exec node "$root/dist/main.js" run "${flags[@]}" -- bash --noprofile --norc -eo pipefail "$lines"
