import type { Bot, BotBody, BotWithToken } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about the user's own bots, apart from `Rest` so that only their screen loads them. Each rejects with `ApiError`. */
export function botCalls({ call }: Pick<Rest, "call">) {
  return {
    list: async () => (await call<{ bots: Bot[] }>("GET", "/api/bots")).bots,
    create: (body: BotBody) => call<BotWithToken>("POST", "/api/bots", { body }),
    renewToken: (botId: number) => call<BotWithToken>("PUT", `/api/bots/${botId}/token`),
    remove: (botId: number) => call<void>("DELETE", `/api/bots/${botId}`),
    addToServer: (serverId: number, botId: number) => call<void>("PUT", `/api/servers/${serverId}/bots/${botId}`),
  };
}
