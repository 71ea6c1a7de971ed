import type {
  Credentials,
  ProviderOutcome,
  ProviderPurpose,
  ProviderRedirect,
  ProviderRegisterBody,
  RegistrationAnswer,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls around login providers, apart from `Rest` so that only their screens load them. */
export function providerCalls({ call, callOpenly }: Pick<Rest, "call" | "callOpenly">) {
  const path = (provider: string) => `/api/auth/providers/${encodeURIComponent(provider)}`;
  return {
    /** The page of the provider, to which the browser goes next. */
    begin: (provider: string) => callOpenly<ProviderRedirect>("POST", path(provider)),
    beginAs: (provider: string, purpose: ProviderPurpose) =>
      call<ProviderRedirect>("POST", `${path(provider)}/visit`, { body: { purpose } }),
    /** What came of the visit; give credentials to `MiscordClient.enter`. */
    finish: () => callOpenly<ProviderOutcome>("POST", "/api/auth/visit/finish"),
    register: (body: ProviderRegisterBody) =>
      callOpenly<Credentials | RegistrationAnswer>("POST", "/api/auth/visit/register", { body }),
    link: () => call<void>("POST", "/api/auth/visit/link"),
    confirm: () => call<void>("POST", "/api/auth/visit/confirm"),
    unlink: (id: string) => call<void>("DELETE", `/api/auth/identities/${encodeURIComponent(id)}`),
  };
}
