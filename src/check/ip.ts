/** Whether an IP address is of the machine itself alone: 127.0.0.0/8, ::1. */
export function isLoopback(ip: string): boolean {
  return /^(::ffff:)?127\./i.test(ip) || ip === '::1';
}

/** Whether it stands for every address of a machine, and is none to connect to. */
export function isWildcard(ip: string): boolean {
  return /^(0\.0\.0\.0|[0:]+)$/.test(ip);
}

/** Whether it is of the range from which Docker takes its bridge networks by default: 172.16.0.0/12. */
export function isDockerBridge(ip: string): boolean {
  return /^172\.(1[6-9]|2\d|3[01])\./.test(ip);
}
