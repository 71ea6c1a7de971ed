import type { CustomStatus, OwnProfile } from "@miscord/protocol";
import { addressOf } from "../picture-address.ts";
import type { UserRow } from "../schema.ts";

/** Null: none, or it has ended. */
export function customStatusOf(
  { custom_status: text }: Pick<UserRow, "custom_status">,
  now: number,
): CustomStatus | null {
  const status = text === null ? null : (JSON.parse(text) as CustomStatus);
  return status && hasEnded(status, now) ? null : status;
}

export function hasEnded({ ends_at: end }: CustomStatus, now: number): boolean {
  return end !== null && Date.parse(end) <= now;
}

/** What others see of the profile besides `presentUser`. */
export function presentOwnProfile(row: Pick<UserRow, "about" | "pronouns" | "banner" | "banner_color">): OwnProfile {
  const { about, pronouns, banner, banner_color } = row;
  return { about, pronouns, banner_url: addressOf(banner), banner_color };
}
