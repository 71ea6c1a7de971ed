import type { ServerSound } from "@miscord/protocol";
import { checkInChannel } from "@miscord/rights";
import { AppError } from "../../errors.ts";
import { presentSound, soundOfMember } from "../../store/queries/sounds.ts";
import { channelAccess, requireAllowed } from "../access.ts";
import type { Actor, DomainContext } from "../context.ts";
import { noSuchSound } from "./manage-sounds.ts";

type Context = Pick<DomainContext, "store" | "clock" | "rates" | "voice">;

/**
 * The sound that the actor, who is in the channel's call, may play there now: one of their servers, with the permissions to
 * speak and to use the soundboard, and for a sound of another server that to use those too. Throws `not_found`,
 * `forbidden`, also for who is muted by a moderator, listens to a stage or is deafened, and `rate_limited`.
 */
export async function playableSound(
  context: Context,
  actor: Actor,
  { channelId, soundId }: { channelId: number; soundId: number },
): Promise<ServerSound> {
  const { store, rates, voice } = context;
  await rates.playedSounds.spend(actor.userId);
  const access = await channelAccess(context, actor, channelId);
  const sound = await soundOfMember(store.db, actor.userId, soundId);
  if (!sound) throw noSuchSound();
  const isForeign = sound.server_id !== access.serverId;
  const needed = ["connect", "speak", "useSoundboard", ...(isForeign ? (["useExternalSounds"] as const) : [])] as const;
  for (const permission of needed) requireAllowed(checkInChannel(access, permission), "channel");
  // The call's home, which may be another node, looks again.
  const own = voice.statesIn(channelId).find(({ user }) => user.id === actor.userId);
  if (own && (own.is_server_muted || own.is_suppressed || own.is_deafened)) {
    throw new AppError("forbidden", "You cannot play sounds in this call now.");
  }
  return presentSound(sound);
}
