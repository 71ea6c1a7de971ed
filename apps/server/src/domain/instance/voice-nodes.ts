import { timingSafeEqual } from "node:crypto";
import { regionName } from "@miscord/protocol/schemas";
import { limits, type RegionRefusal } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import { OperatorError } from "../../errors.ts";
import type { Store } from "../../store/contract.ts";
import { insertVoiceNode, noteVoiceNode, voiceNodeByName, voiceNodes } from "../../store/queries/voice-nodes.ts";
import type { VoiceNodeRow } from "../../store/schema.ts";
import { digest, newSecret } from "../accounts/secrets.ts";

/** What the command line has too. */
interface Context {
  readonly store: Pick<Store, "db">;
}

/** A voice node, as whoever has its token may know it. */
export type KnownNode = Pick<VoiceNodeRow, "name" | "digest">;

/** Tells whether the voice node may still be joined to the instance: it was not removed, nor given another token since. */
export async function isVoiceNode({ store }: Context, { name, digest: known }: KnownNode): Promise<boolean> {
  return (await voiceNodeByName(store.db, name))?.digest === known;
}

/** What is kept of a link, for `npm run doctor` and for the time after it. */
interface SeenLink {
  readonly version: string | null;
  readonly stunUrl: string | null;
  readonly seenAt: number;
}

export async function noteLink({ store }: Context, node: KnownNode, link: SeenLink): Promise<void> {
  const { version, stunUrl: stun_url, seenAt: seen_at } = link;
  await noteVoiceNode(store.db, node, { version, stun_url, seen_at });
}

/** The voice node, or another one with its token, was not let in. */
export async function noteRefusal(
  { store, clock }: Context & { clock: Clock },
  node: KnownNode,
  refusal: RegionRefusal,
): Promise<void> {
  await noteVoiceNode(store.db, node, { refused_at: clock.now(), refusal });
}

/** The voice node that has this token; null: none has. Only digests are stored and compared. */
export async function voiceNodeOfToken({ store }: Context, token: string): Promise<KnownNode | null> {
  const given = Buffer.from(digest(token));
  const isGiven = (known: string) => known.length === given.length && timingSafeEqual(Buffer.from(known), given);
  return (await voiceNodes(store.db)).find((node) => isGiven(node.digest)) ?? null;
}

/** Resolves with the token by which a voice node joins the instance as this region. @throws OperatorError */
export async function addVoiceNode(
  { store, clock, ownRegion }: Context & { clock: Clock; ownRegion: string },
  name: string,
): Promise<string> {
  if (!regionName.safeParse(name).success) {
    throw new OperatorError(
      `A region's name has small letters, digits and dashes, ${limits.regionNameLength} at most.`,
    );
  }
  if (name === ownRegion) throw new OperatorError(`${name} is the region of the instance itself (VOICE_REGION).`);
  // The instance's own is one of them.
  if ((await voiceNodes(store.db)).length >= limits.regions - 1) {
    throw new OperatorError(`There are ${limits.regions} regions, and no more are possible.`);
  }
  const token = newSecret();
  const isNew = await insertVoiceNode(store.db, { name, digest: digest(token), created_at: clock.now() });
  if (!isNew) throw new OperatorError(`There is a voice node ${name} already. Remove it first for another token.`);
  return token;
}
