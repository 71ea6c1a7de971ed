/** All addresses of the web client. */
export const paths = {
  home: "/",
  /** What another app shares is sent to it: `share_target` of the manifest. */
  share: "/share",
  login: "/login",
  register: "/register",
  claim: "/claim",
  recover: "/recover",
  reset: "/reset",
  confirmEmail: "/confirm-email",
  recoveryCodes: "/recovery-codes",
  continue: "/continue",
  monitor: "/monitor",
  instance: "/instance",
  discover: "/discover",
  incident: (id: string) => `/monitor/incidents/${encodeURIComponent(id)}`,
  invite: (code: string) => `/invite/${encodeURIComponent(code)}`,
  server: (serverId: number) => `/channels/${serverId}`,
  channel: (serverId: number, channelId: number) => `/channels/${serverId}/${channelId}`,
  dms: "/dms",
  dm: (channelId: number) => `/dms/${channelId}`,
  /** Of a channel of a server, or a private one. */
  channelOf: ({ id, server_id }: { id: number; server_id: number | null }) =>
    server_id === null ? `/dms/${id}` : `/channels/${server_id}/${id}`,
  message: (serverId: number | null, channelId: number, messageId: number) =>
    `${paths.channelOf({ id: channelId, server_id: serverId })}/${messageId}`,
} as const;

/** The id of the incident that a path shows; null for other paths. */
export function incidentIdOf(path: string): string | null {
  const id = /^\/monitor\/incidents\/([\w-]{1,64})$/.exec(path)?.[1];
  return id ?? null;
}

/** The invite code in a pasted code or invite link. */
export function inviteCodeOf(input: string): string {
  const trimmed = input.trim();
  return /\/invite\/([^/?#\s]+)/.exec(trimmed)?.[1] ?? trimmed.replace(/^.*\//, "");
}

/** A path inside the app to open after login; any other address becomes the home page. */
export function safeNext(next: string | null): string {
  // Browsers pass over tabs and line ends in an address: what follows them may be another host.
  return next && /^\/(?![/\\])\P{Cc}*$/u.test(next) ? next : paths.home;
}
