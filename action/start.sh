#!/usr/bin/env bash
# Starts the cluster, and tells the steps that follow where it is.
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# The runner's own process for this job, which ends with it; nothing where it can't be seen.
worker() {
  local pid=$$ command
  while ((pid > 1)); do
    command=$(ps -o args= -p "$pid" 2>/dev/null) || return 0
    if [[ $command =~ (^|/)Runner\.Worker( |$) ]]; then
      printf '%s' "$pid"
      return
    fi
    pid=$(ps -o ppid= -p "$pid")
    pid=${pid// /}
  done
}

read_flags
# What is left of a failed start is looked into by the steps that follow, which remove it.
flags+=(--keep)
if [[ $INPUT_SMOKE == true ]]; then flags+=(--smoke); fi
owner=$(worker)
detach_after=$INPUT_DETACH_AFTER
if [[ $owner ]]; then flags+=("--owner=$owner"); else detach_after=${detach_after:-6h}; fi
if [[ $detach_after ]]; then flags+=("--detach-after=$detach_after"); fi

kcluster up "${flags[@]}"

kcluster env github "--name=$INPUT_NAME" >>"$GITHUB_ENV"
variables=$(kcluster env sh "--name=$INPUT_NAME")
eval "$variables"
output bootstrap-servers "$KAFKA_BOOTSTRAP_SERVERS"
output zookeeper-connect "$ZOOKEEPER_CONNECT"
