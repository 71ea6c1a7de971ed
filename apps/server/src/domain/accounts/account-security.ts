import type { AccountSecurity } from "@miscord/protocol";
import { countRecoveryCodes } from "../../store/queries/recovery.ts";
import { factorsOf, passkeysOf } from "../../store/queries/second-factors.ts";
import type { Actor, DomainContext } from "../context.ts";
import { presentPasskey, type RelyingParty } from "./passkeys.ts";

/** What protects the actor's account, without any secret of it. */
export async function accountSecurity(
  { store }: Pick<DomainContext, "store">,
  { userId }: Actor,
  party: RelyingParty | null,
): Promise<AccountSecurity> {
  const [{ authenticator }, passkeys, codes] = await Promise.all([
    factorsOf(store.db, userId),
    passkeysOf(store.db, userId),
    countRecoveryCodes(store.db, userId),
  ]);
  return {
    authenticator,
    passkeys: passkeys.map(presentPasskey),
    recovery_codes_left: codes,
    passkeys_possible: party !== null,
  };
}
