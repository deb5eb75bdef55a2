#!/bin/sh
# Runs a ZooKeeper server with the configuration that the environment has now: zoo.cfg and myid are written at
# every start, so that a changed environment is never ignored.
#   --print-config    print zoo.cfg and end
#   COMMAND ...       run that instead
set -eu

home=$(dirname "$0")

# Values are split at white space where they are lists, and never looked up as file names.
set -f

config() {
  cat << END
dataDir=$ZOO_DATA_DIR
dataLogDir=$ZOO_DATA_LOG_DIR
tickTime=$ZOO_TICK_TIME
initLimit=$ZOO_INIT_LIMIT
syncLimit=$ZOO_SYNC_LIMIT
autopurge.snapRetainCount=$ZOO_AUTOPURGE_SNAPRETAINCOUNT
autopurge.purgeInterval=$ZOO_AUTOPURGE_PURGEINTERVAL
maxClientCnxns=$ZOO_MAX_CLIENT_CNXNS
standaloneEnabled=$ZOO_STANDALONE_ENABLED
admin.enableServer=$ZOO_ADMINSERVER_ENABLED
END
  for server in ${ZOO_SERVERS:-'server.1=localhost:2888:3888;2181'}; do
    printf '%s\n' "$server"
  done
  if [ -n "${ZOO_4LW_COMMANDS_WHITELIST-}" ]; then
    printf '4lw.commands.whitelist=%s\n' "$ZOO_4LW_COMMANDS_WHITELIST"
  fi
  for line in ${ZOO_CFG_EXTRA-}; do
    printf '%s\n' "$line"
  done
}

case ${1-} in
  '') ;;
  --print-config) config; exit ;;
  *) exec "$@" ;;
esac

mkdir -p "$ZOO_CONF_DIR" "$ZOO_DATA_DIR" "$ZOO_DATA_LOG_DIR"
config > "$ZOO_CONF_DIR/zoo.cfg"
printf '%s\n' "${ZOO_MY_ID:-1}" > "$ZOO_DATA_DIR/myid"

# The classes of this image as its JVM has them in memory; where the options speak of sharing, they have the last word.
archive=
case "${SERVER_JVMFLAGS-} ${JVMFLAGS-}" in
  *-Xshare* | *SharedArchiveFile* | *ArchiveClassesAtExit* | *AutoCreateSharedArchive* | *-XX:AOT*) ;;
  *) [ ! -f "$home/classes.jsa" ] || archive=-XX:SharedArchiveFile=$home/classes.jsa ;;
esac

# shellcheck disable=SC2086
exec java $archive "-Dlog4j.configuration=file:$home/log4j.properties" -cp "$(cat "$home/classpath")" \
  ${SERVER_JVMFLAGS-} ${JVMFLAGS-} \
  org.apache.zookeeper.server.quorum.QuorumPeerMain "$ZOO_CONF_DIR/zoo.cfg"
