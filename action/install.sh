#!/usr/bin/env bash
# Makes kcluster ready from this checkout, once in a job, and puts it on PATH.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

installed=$root/dist/.installed
if [[ ! -e $installed ]]; then
  echo '::group::kcluster: install'
  cd "$root"
  # The packages' own scripts are not needed. The compiler is, also where the job says that this is production.
  npm ci --include=dev --ignore-scripts --no-audit --no-fund
  npm run build
  touch "$installed"
  echo '::endgroup::'
fi
bin=$RUNNER_TEMP/kcluster-bin
mkdir -p "$bin"
ln -sf "$root/dist/main.js" "$bin/kcluster"
printf '%s\n' "$bin" >>"$GITHUB_PATH"
