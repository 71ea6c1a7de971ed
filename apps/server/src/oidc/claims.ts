import type { ProvedIdentity } from "../domain/ports.ts";
import type { ProviderSettings } from "./provider-settings.ts";

const maxLength = 255;
const maxGroups = 1_000;

/** Whom the claims of a provider name. Throws when they name nobody. */
export function identityOf(
  claims: Readonly<Record<string, unknown>>,
  issuer: string,
  { username_claim: usernameClaim = "preferred_username", groups_claim: groupsClaim }: ProviderSettings,
): ProvedIdentity {
  const { sub: subject, auth_time: authTime } = claims;
  if (typeof subject !== "string" || subject === "" || subject.length > maxLength) throw new Error("no subject");
  const email = textOf(claims["email"]);
  const username = textOf(claims[usernameClaim]) || email.split("@")[0]!;
  const displayName = textOf(claims["name"]) || username;
  const groups = claims[groupsClaim];
  return {
    issuer,
    subject,
    label: email || username || displayName || subject,
    username,
    displayName,
    email,
    groups: (Array.isArray(groups) ? groups : []).filter((one) => typeof one === "string").slice(0, maxGroups),
    authenticatedAt: typeof authTime === "number" ? authTime * 1_000 : null,
  };
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value.slice(0, maxLength) : "";
}
