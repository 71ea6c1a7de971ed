import { z } from "zod";
import { oneTimeCode } from "./account.ts";
import { credentials } from "./http.ts";
import { instanceLimits } from "./instance-limits.ts";
import { limits } from "./limits.ts";
import { displayName, username } from "./model.ts";

/** What a user who is logged in goes to a login provider for. */
export const providerPurpose = z.enum(["link", "confirm"]);
export const providerPurposeBody = z.object({ purpose: providerPurpose });
/** Where the browser goes next: a page of the login provider. */
export const providerRedirect = z.object({ url: z.string() });
/** Creates an account for whom the provider has named. */
export const providerRegisterBody = z.object({
  username,
  display_name: displayName.optional(),
  email: z.union([z.literal(""), z.email().max(limits.emailLength)]).default(""),
  invite_code: oneTimeCode.optional(),
  claim_token: oneTimeCode.optional(),
  reason: z.string().trim().min(1).max(instanceLimits.applicationLength).optional(),
});
const named = { provider: z.string(), provider_name: z.string() };
/** Nobody has linked this login yet: suggestions for a new account. */
export const newcomer = z.object({
  status: z.literal("new"),
  ...named,
  username: z.string(),
  display_name: z.string(),
  email: z.string(),
});
/** What came of the visit to the provider. `link` and `confirm` are finished with the session that began them. */
export const providerOutcome = z.union([credentials, newcomer, z.object({ status: providerPurpose, ...named })]);

export type ProviderPurpose = z.infer<typeof providerPurpose>;
export type ProviderRedirect = z.infer<typeof providerRedirect>;
export type ProviderRegisterBody = z.input<typeof providerRegisterBody>;
export type Newcomer = z.infer<typeof newcomer>;
export type ProviderOutcome = z.infer<typeof providerOutcome>;
