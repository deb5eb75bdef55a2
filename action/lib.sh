# shellcheck shell=bash
# What the scripts of the action share; they source it.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

kcluster() { node "$root/dist/main.js" "$@"; }

# An output of the step, whatever is in its value: $1 its name, $2 the value.
output() {
  local end=end-$RANDOM$RANDOM$RANDOM$RANDOM
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}

# A warning of the job: $1, a line without % and line ends.
warning() { printf '::warning title=kcluster::%s\n' "$1"; }

# The flags that prepare.mjs has written, each ended by a NUL, in the array `flags`.
read_flags() {
  local flag
  flags=()
  while IFS= read -r -d '' flag; do flags+=("$flag"); done <"$INPUT_FLAGS"
}
