#!/usr/bin/env bash
# Whether there is a Node.js that kcluster can run on.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

version=$(node --version 2>/dev/null || true)
major=${version#v}
major=${major%%.*}
if [[ $major =~ ^[0-9]+$ ]] && ((major >= 20)); then
  output usable true
else
  echo "Node.js 20 or newer is wanted; here is ${version:-none}"
  output usable false
fi
