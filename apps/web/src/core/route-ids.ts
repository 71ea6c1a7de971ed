import { useRoute } from "wouter";

export interface RouteIds {
  serverId: number | null;
  channelId: number | null;
  messageId: number | null;
}

function idOf(text: string | undefined): number | null {
  return text && /^[1-9]\d{0,15}$/.test(text) ? Number(text) : null;
}

/** The ids in the page's address; null for those it does not contain. */
export function useRouteIds(): RouteIds {
  const [, params] = useRoute<Partial<Record<keyof RouteIds, string>>>("/channels/:serverId/:channelId?/:messageId?");
  return {
    serverId: idOf(params?.serverId),
    channelId: idOf(params?.channelId),
    messageId: idOf(params?.messageId),
  };
}
