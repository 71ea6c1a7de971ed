/** Every address of the web client, in one place. */
export const paths = {
  home: "/",
  login: "/login",
  register: "/register",
  claim: "/claim",
  monitor: "/monitor",
  invite: (code: string) => `/invite/${encodeURIComponent(code)}`,
  server: (serverId: number) => `/channels/${serverId}`,
  channel: (serverId: number, channelId: number) => `/channels/${serverId}/${channelId}`,
  message: (serverId: number, channelId: number, messageId: number) =>
    `/channels/${serverId}/${channelId}/${messageId}`,
} as const;

/** What a person pastes, a code or a whole link, down to the code. */
export function inviteCodeOf(input: string): string {
  const trimmed = input.trim();
  return /\/invite\/([^/?#\s]+)/.exec(trimmed)?.[1] ?? trimmed.replace(/^.*\//, "");
}

/** A path inside the app that it is safe to go to after logging in; never another site. */
export function safeNext(next: string | null): string {
  return next && /^\/(?![/\\])/.test(next) ? next : paths.home;
}
