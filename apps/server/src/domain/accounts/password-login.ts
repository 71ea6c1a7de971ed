import { AppError } from "../../errors.ts";
import type { DomainContext } from "../context.ts";

/** Throws `forbidden` where the operator has switched passwords off: setting one would let nobody in. */
export function requirePasswordLogin({ settings }: Pick<DomainContext, "settings">): void {
  if (settings.hasPasswordLogin) return;
  throw new AppError("forbidden", "Here people log in through a login provider, not with a password.");
}
