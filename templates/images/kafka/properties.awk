# Prints the environment as broker properties, unsorted. Needs LC_ALL=C: it counts bytes.
# The rule is that of kafkaProperties in src/images/environment.ts.

BEGIN {
  split("CUB_ZK_TIMEOUT GC_LOG_OPTS HEAP_OPTS HOME JMX_HOSTNAME JMX_OPTS JMX_PORT JVM_PERFORMANCE_OPTS " \
    "LOG4J_LOGGERS LOG4J_OPTS LOG4J_ROOT_LOGLEVEL OPTS TOOLS_LOG4J_LOGLEVEL VERSION", names, " ")
  for (i in names) excluded["KAFKA_" names[i]] = 1
  for (i = 128; i < 256; i++) code[sprintf("%c", i)] = i

  for (name in ENVIRON)
    if (name ~ /^KAFKA_[A-Z0-9_]+$/ && !(name in excluded))
      print property(name) "=" escape(ENVIRON[name])
}

function property(name,    rest, out, run) {
  if (name == "KAFKA_ZOOKEEPER_CLIENT_CNXN_SOCKET") return "zookeeper.clientCnxnSocket"
  rest = tolower(substr(name, 7))
  out = ""
  while (match(rest, /_+/)) {
    run = substr(rest, RSTART, RLENGTH)
    out = out substr(rest, 1, RSTART - 1) separator(run)
    rest = substr(rest, RSTART + RLENGTH)
  }
  return out rest
}

function separator(run) {
  if (run == "_") return "."
  if (run == "__") return "_"
  if (run == "___") return "-"
  return run
}

# What java.util.Properties reads back as the value: it takes ISO 8859-1, so the bytes of UTF-8 are decoded.
function escape(value,    out, i, c, size, point) {
  out = ""
  for (i = 1; i <= length(value); i += size) {
    c = substr(value, i, 1)
    size = 1
    if (c == "\\") out = out "\\\\"
    else if (c == " " && i == 1) out = out "\\ "
    else if (c == "\t") out = out "\\t"
    else if (c == "\n") out = out "\\n"
    else if (c == "\f") out = out "\\f"
    else if (c == "\r") out = out "\\r"
    else if (!(c in code)) out = out c
    else {
      size = code[c] >= 240 ? 4 : code[c] >= 224 ? 3 : code[c] >= 192 ? 2 : 1
      point = decode(value, i, size)
      out = out utf16(point)
    }
  }
  return out
}

function decode(value, start, size,    point, i) {
  point = code[substr(value, start, 1)]
  if (size == 1) return point
  point = point % (size == 2 ? 32 : size == 3 ? 16 : 8)
  for (i = 1; i < size; i++) point = point * 64 + code[substr(value, start + i, 1)] % 64
  return point
}

function utf16(point) {
  if (point < 65536) return sprintf("\\u%04x", point)
  point -= 65536
  return sprintf("\\u%04x\\u%04x", 55296 + int(point / 1024), 56320 + point % 1024)
}
