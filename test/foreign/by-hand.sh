#!/usr/bin/env bash
# Runs a command on a ZooKeeper and brokers that no kcluster has started: the baseline of a foreign suite.
# The jars are those that kcluster has cached; each broker's settings are Kafka's own, and those of --set.
#   by-hand.sh [--kafka VERSION] [--host NAME] [--first-id N] [--ports P1,P2,...] [--set KEY=VALUE]... -- COMMAND
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
cache=${KCLUSTER_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kcluster}
kafka=3.9.2 host=localhost id=0 ports=9092 zookeeper_port=2181 settings=()
while [ "$1" != -- ]; do
  case $1 in
    --kafka) kafka=$2 ;;
    --host) host=$2 ;;
    --first-id) id=$2 ;;
    --ports) ports=$2 ;;
    --zookeeper-port) zookeeper_port=$2 ;;
    --set) settings+=("$2") ;;
    *) echo "unknown flag $1" >&2; exit 2 ;;
  esac
  shift 2
done
shift

home=$(mktemp -d)
pids=()
cleanup() {
  # Brokers first: they say goodbye to ZooKeeper.
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill "${pids[i]}" 2>/dev/null || true
    wait "${pids[i]}" 2>/dev/null || true
  done
  rm -rf "$home"
}
trap cleanup EXIT

classpath=$(node -p 'JSON.parse(fs.readFileSync(process.argv[1])).jars.map((jar) => `${process.argv[2]}/${jar.path}`).join(":")' \
  "$root/templates/jars/kafka-$kafka.lock.json" "$cache/jars")
start() {
  local name=$1 heap=$2
  shift 2
  java "-Xmx$heap" -cp "$classpath" "-Dlog4j.configuration=file:$root/templates/images/log4j.properties" "$@" \
    >"$home/$name.log" 2>&1 &
  pids+=($!)
}
until_says() {
  local deadline=$((SECONDS + 180))
  until grep -qs "$2" "$home/$1.log"; do
    [ $SECONDS -lt $deadline ] || { echo "$1 did not start" >&2; cat "$home/$1.log" >&2; exit 1; }
    read -rt 0.2 <> <(:) || true
  done
}

printf '%s\n' "dataDir=$home/zookeeper" "clientPort=$zookeeper_port" clientPortAddress=127.0.0.1 maxClientCnxns=0 \
  admin.enableServer=false >"$home/zoo.cfg"
start zookeeper 512m org.apache.zookeeper.server.quorum.QuorumPeerMain "$home/zoo.cfg"
until_says zookeeper "binding to port"

brokers=()
for port in ${ports//,/ }; do
  printf '%s\n' "broker.id=$id" "zookeeper.connect=127.0.0.1:$zookeeper_port" "log.dirs=$home/broker-$id" \
    "listeners=PLAINTEXT://127.0.0.1:$port" "advertised.listeners=PLAINTEXT://$host:$port" \
    ${settings[@]+"${settings[@]}"} >"$home/broker-$id.properties"
  start "broker-$id" 1g kafka.Kafka "$home/broker-$id.properties"
  brokers+=("broker-$id")
  id=$((id + 1))
done
for broker in "${brokers[@]}"; do until_says "$broker" "started (kafka.server.KafkaServer)"; done

export KAFKA_BOOTSTRAP_SERVERS KGO_SEEDS KAFKA_VERSION=$kafka
KAFKA_BOOTSTRAP_SERVERS=$(sed "s/\([0-9]*\)\(,\|$\)/$host:\1\2/g" <<<"$ports")
KGO_SEEDS=$KAFKA_BOOTSTRAP_SERVERS
status=0
"$@" || status=$?
exit $status
