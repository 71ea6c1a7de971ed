/** Whether nothing leaves this machine on the way to the host. */
export function isLoopback(host: string): boolean {
  return ["localhost", "127.0.0.1", "::1"].includes(host);
}
