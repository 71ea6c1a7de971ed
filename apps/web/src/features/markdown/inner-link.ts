export type InnerLink =
  | { kind: "channel"; path: string; channelId: number; messageId: number | null }
  | { kind: "invite"; path: string; code: string };

const channelPath = /^\/channels\/\d+\/(\d+)(?:\/(\d+))?\/?$/;
const invitePath = /^\/invite\/([\w-]{1,64})\/?$/;

/** Where inside this instance an address leads; null for every other address. Such links open without a new page. */
export function innerLinkOf(href: string, origin: string): InnerLink | null {
  const url = URL.parse(href);
  if (url?.origin !== origin) return null;
  const [, channelId, messageId] = channelPath.exec(url.pathname) ?? [];
  if (channelId) {
    const path = url.pathname;
    return { kind: "channel", path, channelId: Number(channelId), messageId: messageId ? Number(messageId) : null };
  }
  const code = invitePath.exec(url.pathname)?.[1];
  return code ? { kind: "invite", path: url.pathname, code } : null;
}
