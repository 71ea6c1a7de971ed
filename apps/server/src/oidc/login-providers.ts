import type { Clock } from "../clock.ts";
import type { Asked, LoginProvider, LoginProviders, ProviderFault, Returned } from "../domain/ports.ts";
import { ProviderUnreachable, type IssuerRules } from "./bounded-fetch.ts";
import { OauthProvider } from "./oauth-provider.ts";
import { OpenidProvider } from "./openid-provider.ts";
import type { ProviderSettings } from "./provider-settings.ts";

interface Parts {
  clock: Clock;
  rules: IssuerRules;
  /** `reason` is free of what was sent: codes, tokens and claims are nobody's business. */
  onFault: (fault: { provider: string; fault: ProviderFault; reason: string }) => void;
}

/** The login providers of the instance, by their settings. */
export function createLoginProviders(
  settings: readonly ProviderSettings[],
  { clock, rules, onFault }: Parts,
): LoginProviders {
  const list = settings.map((one) => {
    const provider = one.kind === "oidc" ? new OpenidProvider(one, clock, rules) : new OauthProvider(one, rules);
    const told = async <T>(work: Promise<T>): Promise<T | { fault: ProviderFault }> => {
      try {
        return await work;
      } catch (error) {
        const fault = faultOf(error);
        if (fault !== "denied") onFault({ provider: one.id, fault, reason: reasonOf(error) });
        return { fault };
      }
    };
    return {
      id: one.id,
      name: one.name,
      issuer: provider.issuer,
      groups: one.groups,
      hasSecondFactor: one.second_factor,
      begin: (asked: Asked) => told(provider.begin(asked)),
      finish: (returned: Returned) => told(provider.finish(returned)),
    } satisfies LoginProvider;
  });
  const byId = new Map(list.map((provider) => [provider.id, provider]));
  const byIssuer = new Map(list.map((provider) => [provider.issuer, provider]));
  return { list, byId: (id) => byId.get(id), byIssuer: (issuer) => byIssuer.get(issuer) };
}

function faultOf(error: unknown): ProviderFault {
  const { error: code } = error as { error?: unknown };
  if (code === "access_denied") return "denied";
  return causes(error).some((one) => one instanceof ProviderUnreachable) ? "unreachable" : "refused";
}

function reasonOf(error: unknown): string {
  const { code, name } = error as { code?: unknown; name?: unknown };
  return causes(error)
    .map((one) => (one instanceof Error ? one.message : ""))
    .concat([code, name].filter((one) => typeof one === "string"))
    .filter(Boolean)
    .join(": ")
    .slice(0, 200);
}

function causes(error: unknown): unknown[] {
  const all: unknown[] = [];
  for (let one = error; one instanceof Error && all.length < 5; one = one.cause) all.push(one);
  return all;
}
