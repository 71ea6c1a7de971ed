import type { AutomodDryRun, AutomodRule, AutomodRuleBody, AutomodRulePatch } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls of the AutoMod screen, apart from `Rest` so that only this screen loads them. Each rejects with `ApiError`. */
export function automodCalls({ call }: Pick<Rest, "call">) {
  const path = (serverId: number) => `/api/servers/${serverId}/automod`;
  return {
    rules: async (serverId: number) => (await call<{ rules: AutomodRule[] }>("GET", `${path(serverId)}/rules`)).rules,
    createRule: (serverId: number, body: AutomodRuleBody) =>
      call<AutomodRule>("POST", `${path(serverId)}/rules`, { body }),
    updateRule: (ruleId: number, body: AutomodRulePatch) =>
      call<AutomodRule>("PATCH", `/api/automod/rules/${ruleId}`, { body }),
    deleteRule: (ruleId: number) => call<void>("DELETE", `/api/automod/rules/${ruleId}`),
    /** One page of last week's messages that would have met the rule; `cursor` of the answer asks for the next one. */
    dryRun: (serverId: number, rule: AutomodRuleBody, cursor?: string) =>
      call<AutomodDryRun>("POST", `${path(serverId)}/dry-run`, { body: { rule, cursor } }),
  };
}
