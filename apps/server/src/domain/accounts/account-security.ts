import type { AccountSecurity } from "@miscord/protocol";
import { identitiesOf } from "../../store/queries/identities.ts";
import { countRecoveryCodes } from "../../store/queries/recovery.ts";
import { factorsOf, passkeysOf } from "../../store/queries/second-factors.ts";
import { userById } from "../../store/queries/users.ts";
import type { Actor, DomainContext } from "../context.ts";
import { presentIdentity } from "./identities.ts";
import { presentPasskey, type RelyingParty } from "./passkeys.ts";

/** What protects the actor's account, without any secret of it. */
export async function accountSecurity(
  { store, providers }: Pick<DomainContext, "store" | "providers">,
  { userId }: Actor,
  party: RelyingParty | null,
): Promise<AccountSecurity> {
  const [{ authenticator }, passkeys, codes, user, identities] = await Promise.all([
    factorsOf(store.db, userId),
    passkeysOf(store.db, userId),
    countRecoveryCodes(store.db, userId),
    userById(store.db, userId),
    identitiesOf(store.db, userId),
  ]);
  return {
    password: user?.password_hash !== "",
    identities: identities.map((one) => presentIdentity(providers, one)),
    authenticator,
    passkeys: passkeys.map(presentPasskey),
    recovery_codes_left: codes,
    passkeys_possible: party !== null,
  };
}
