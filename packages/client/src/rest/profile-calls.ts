import type { CustomStatusBody, Profile, ProfilePart } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about profiles, apart from `Rest` so that only their screens load them. Each rejects with `ApiError`. */
export function profileCalls({ call }: Pick<Rest, "call">) {
  return {
    of: (userId: number) => call<Profile>("GET", `/api/users/${userId}/profile`),
    setCustomStatus: (body: CustomStatusBody) => call<void>("PUT", "/api/auth/me/custom-status", { body }),
    clearCustomStatus: () => call<void>("DELETE", "/api/auth/me/custom-status"),
    /** For administrators of the instance. */
    clear: (userId: number, part: ProfilePart) => call<void>("DELETE", `/api/accounts/${userId}/profile/${part}`),
  };
}
