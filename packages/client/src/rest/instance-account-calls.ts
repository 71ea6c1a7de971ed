import type { InstanceAccount } from "@miscord/protocol";
import type { AuthorizedHttp } from "./authorized-http.ts";

/** Accounts of the instance, for its administrators. */
export function instanceAccountCalls(http: AuthorizedHttp) {
  const path = (userId: number) => `/api/accounts/${userId}`;
  return {
    /** Ends the sessions of the account, and nobody can log in to it. */
    disableAccount: (userId: number) => http.request<InstanceAccount>("PUT", `${path(userId)}/disabled`),
    enableAccount: (userId: number) => http.request<InstanceAccount>("DELETE", `${path(userId)}/disabled`),
    endSessionsOf: (userId: number) => http.request<InstanceAccount>("DELETE", `${path(userId)}/sessions`),
  };
}
