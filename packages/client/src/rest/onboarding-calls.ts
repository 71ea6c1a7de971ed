import type { DiscoveryPage, ListingBody, Onboarding, OnboardingState, Server, ServerState } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls around joining a server, apart from `Rest` so that only their screens load them. */
export function onboardingCalls({ call }: Pick<Rest, "call">) {
  const path = (serverId: number) => `/api/servers/${serverId}`;
  return {
    onboarding: (serverId: number) => call<OnboardingState>("GET", `${path(serverId)}/onboarding`),
    setOnboarding: (serverId: number, body: Onboarding) =>
      call<OnboardingState>("PUT", `${path(serverId)}/onboarding`, { body }),
    /** All answers that the user chooses, in place of earlier ones. */
    answer: (serverId: number, answerIds: readonly number[]) =>
      call<void>("PUT", `${path(serverId)}/onboarding/answers`, { body: { answer_ids: answerIds } }),
    setListing: (serverId: number, body: ListingBody) => call<Server>("PUT", `${path(serverId)}/listing`, { body }),
    /** For the owner. */
    requireFactor: (serverId: number, isRequired: boolean) =>
      call<Server>("PUT", `${path(serverId)}/second-factor`, { body: { factor_required: isRequired } }),
    /** Whether pages that messages of the server link to are read for previews. */
    setLinkPreviews: (serverId: number, isOn: boolean) =>
      call<Server>("PUT", `${path(serverId)}/link-previews`, { body: { link_previews: isOn } }),
    /** `before`: `next` of the page before. */
    discover: (query: { search?: string; before?: string | undefined }) =>
      call<DiscoveryPage>("GET", "/api/discovery", { query }),
    joinPublic: async (serverId: number) =>
      (await call<{ server: ServerState }>("POST", `/api/discovery/${serverId}`)).server,
    /** For administrators of the instance. */
    setUnlisted: (serverId: number, isUnlisted: boolean) =>
      call<void>("PUT", `/api/instance/servers/${serverId}/listing`, { body: { is_unlisted: isUnlisted } }),
  };
}
