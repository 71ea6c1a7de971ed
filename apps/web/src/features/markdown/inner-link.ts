export type InnerLink =
  | { kind: "channel"; path: string; channelId: number; messageId: number | null }
  | { kind: "invite"; path: string; code: string };

const channelPath = /^\/(?:channels\/\d+|dms)\/(\d+)(?:\/(\d+))?\/?$/;
const invitePath = /^\/invite\/([\w-]{1,64})\/?$/;

/** The target of an address inside this instance; null for every other address. Inner links open in the same page. */
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
