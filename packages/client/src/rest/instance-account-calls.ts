import type { InstanceAccount } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about accounts of the instance, apart from `Rest` so that only their screen loads them. Each rejects with `ApiError`. */
export function instanceAccountCalls({ call }: Pick<Rest, "call">) {
  const path = (userId: number) => `/api/accounts/${userId}`;
  return {
    /** Ends the sessions of the account, and nobody can log in to it. */
    disableAccount: (userId: number) => call<InstanceAccount>("PUT", `${path(userId)}/disabled`),
    enableAccount: (userId: number) => call<InstanceAccount>("DELETE", `${path(userId)}/disabled`),
    endSessionsOf: (userId: number) => call<InstanceAccount>("DELETE", `${path(userId)}/sessions`),
  };
}
