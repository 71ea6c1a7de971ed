import type { Webhook, WebhookPatch, WebhookWithToken } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls of the webhooks screen, apart from `Rest` so that only this screen loads them. Each rejects with `ApiError`. */
export function webhookCalls({ call }: Pick<Rest, "call">) {
  return {
    /** Those of the channels in which the user may manage webhooks. */
    list: async (serverId: number) =>
      (await call<{ webhooks: Webhook[] }>("GET", `/api/servers/${serverId}/webhooks`)).webhooks,
    create: (channelId: number, name: string) =>
      call<WebhookWithToken>("POST", `/api/channels/${channelId}/webhooks`, { body: { name } }),
    change: (webhookId: number, body: WebhookPatch) => call<Webhook>("PATCH", `/api/webhooks/${webhookId}`, { body }),
    renewToken: (webhookId: number) => call<WebhookWithToken>("PUT", `/api/webhooks/${webhookId}/token`),
    remove: (webhookId: number) => call<void>("DELETE", `/api/webhooks/${webhookId}`),
  };
}
