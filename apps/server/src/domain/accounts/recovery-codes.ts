import { randomBytes } from "node:crypto";
import { limits } from "@miscord/protocol";
import type { Kysely } from "kysely";
import { replaceRecoveryCodes, takeRecoveryCode } from "../../store/queries/recovery.ts";
import type { Tables } from "../../store/schema.ts";
import type { Authentication, DomainContext } from "../context.ts";
import { requireConfirmed, requireLiveUntilCommit } from "../require-confirmed.ts";
import { notice } from "./notices.ts";
import { digest } from "./secrets.ts";

/** Without letters that look like digits or like each other (Crockford's base 32). */
const letters = "0123456789abcdefghjkmnpqrstvwxyz";
/** 80 bits: nobody finds one by trying, not even from its digest, so that no slow hash is needed. */
const lettersPerCode = 16;
const lettersPerGroup = 4;

/** Replaces the user's recovery codes. They are shown this once. Throws `confirmation_required` or `rate_limited`. */
export async function renewRecoveryCodes(
  context: Pick<DomainContext, "store" | "clock" | "mail" | "rates">,
  authentication: Authentication,
): Promise<string[]> {
  await requireConfirmed(context, authentication);
  const { userId, sessionId } = authentication;
  await context.rates.changes.spend(userId);
  return context.store.db.transaction().execute(async (db) => {
    await requireLiveUntilCommit(db, sessionId);
    await notice(context, db, userId, "factors_changed");
    return replaceCodes(db, userId);
  });
}

/** To be called in a transaction. */
export async function replaceCodes(db: Kysely<Tables>, userId: number): Promise<string[]> {
  const codes = Array.from({ length: limits.recoveryCodes }, newCode);
  await replaceRecoveryCodes(db, userId, codes.map(digestOf));
  return codes;
}

/** Uses a recovery code of this user up; false when it is none of theirs, or used. */
export function spendRecoveryCode(db: Kysely<Tables>, userId: number, code: string): Promise<boolean> {
  return takeRecoveryCode(db, userId, digestOf(code));
}

function newCode(): string {
  // 32 letters: each takes five bits of a random byte, so all are equally likely.
  const code = [...randomBytes(lettersPerCode)].map((byte) => letters[byte % letters.length]).join("");
  return code.match(new RegExp(`.{${lettersPerGroup}}`, "g"))!.join("-");
}

/** Of the code as written by hand: capitals, spaces, dashes and look-alikes make no difference. */
function digestOf(code: string): string {
  const plain = code
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .replaceAll("o", "0")
    .replace(/[il]/g, "1");
  return digest(plain);
}
