import { useRoute } from "wouter";

export interface RouteIds {
  serverId: number | null;
  channelId: number | null;
  messageId: number | null;
  /** In the home place: its page, or a private channel. */
  isHome: boolean;
}

function idOf(text: string | undefined): number | null {
  return text && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

/** The ids in the page's address; null for those it does not contain. */
export function useRouteIds(): RouteIds {
  type Params = Partial<Record<keyof RouteIds, string>>;
  const [, inServer] = useRoute<Params>("/channels/:serverId/:channelId?/:messageId?");
  const [isHome, atHome] = useRoute<Params>("/dms/:channelId?/:messageId?");
  const params = inServer ?? atHome;
  return {
    isHome,
    serverId: idOf(params?.serverId),
    channelId: idOf(params?.channelId),
    messageId: idOf(params?.messageId),
  };
}
