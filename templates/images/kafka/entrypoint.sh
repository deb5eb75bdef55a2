#!/bin/sh
# Runs a broker with the configuration that the environment has now, at every start anew.
#   --print-config    print the broker's properties and end
#   COMMAND ...       run that instead
set -eu

home=$(dirname "$0")
config=/etc/kafka/kafka.properties

# In two steps: the failure of a pipeline's first command would go unnoticed.
properties() {
  unsorted=$(LC_ALL=C awk -f "$home/properties.awk")
  if [ -n "$unsorted" ]; then
    printf '%s\n' "$unsorted" | LC_ALL=C sort -t = -k 1,1
  fi
}

case ${1-} in
  '') ;;
  --print-config) properties; exit ;;
  *) exec "$@" ;;
esac

# A property may be a password.
(
  umask 077
  properties > "$config"
)

# The classes of this image as its JVM has them in memory; where the options speak of sharing, they have the last word.
archive=
case "${KAFKA_HEAP_OPTS-} ${KAFKA_JVM_PERFORMANCE_OPTS-} ${KAFKA_LOG4J_OPTS-} ${KAFKA_OPTS-}" in
  *-Xshare* | *SharedArchiveFile* | *ArchiveClassesAtExit* | *AutoCreateSharedArchive* | *-XX:AOT*) ;;
  *) [ ! -f "$home/classes.jsa" ] || archive=-XX:SharedArchiveFile=$home/classes.jsa ;;
esac

# The options are split at white space, and stay as they are otherwise.
set -f
# shellcheck disable=SC2086
exec java $archive ${KAFKA_HEAP_OPTS-} ${KAFKA_JVM_PERFORMANCE_OPTS-} ${KAFKA_GC_LOG_OPTS-} ${KAFKA_JMX_OPTS-} \
  "-Dlog4j.configuration=file:$home/log4j.properties" ${KAFKA_LOG4J_OPTS-} \
  -cp "$(cat "$home/classpath")" ${KAFKA_OPTS-} kafka.Kafka "$config"
