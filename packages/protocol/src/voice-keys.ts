import { z } from "zod";
import { ref } from "./main-commands.ts";
import { id } from "./model.ts";

/** Of the messages with which participants of an encrypted call agree on keys, in characters. Apart from the others, which browsers load. */
export const keyLimits = {
  keyPackage: 2_048,
  commit: 24 * 1024,
  welcome: 36 * 1024,
  addedPerCommit: 16,
  /** Most participants of an encrypted call: a welcome names them all. */
  participants: 50,
};

/** A message of MLS (RFC 9420) in base64. The server reads none of them. */
const opaque = (length: number) =>
  z
    .string()
    .min(1)
    .max(length)
    .regex(/^[A-Za-z0-9+/]+={0,2}$/, "must be base64");
const keyPackage = opaque(keyLimits.keyPackage);

/** The group whose members have the keys of an encrypted call, and how often its keys were changed. */
const group = { group_id: z.uuid(), epoch: z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER) };

export const keyCommands = [
  /**
   * With each `participants` event of an encrypted call. `group`: what the client is a member of; when that is not the present
   * group and epoch, the client is added with the key package.
   */
  z.object({ type: z.literal("keys_join"), ref, key_package: keyPackage, group: z.object(group).nullable() }),
  /** The answer to `keys_wanted`: changes the keys. `added`: for whom the welcome is. */
  z.object({
    type: z.literal("keys_commit"),
    ref,
    ...group,
    commit: opaque(keyLimits.commit),
    welcome: opaque(keyLimits.welcome).nullable(),
    added: z.array(id).max(keyLimits.addedPerCommit),
  }),
] as const;

const member = { user_id: id, session: z.string() };

export const keyEvents = [
  /** The client is to begin a group of its own, with the epoch 0. */
  z.object({ type: z.literal("keys_create"), group_id: group.group_id }),
  /** The client is to join again: the group is given up. */
  z.object({ type: z.literal("keys_lost") }),
  /**
   * The client is to add those who are joining, and to remove all members but `members`; nobody where that is null. The group's
   * epoch is the present one.
   */
  z.object({
    type: z.literal("keys_wanted"),
    ...group,
    members: z.array(z.object(member)).nullable(),
    joining: z.array(z.object({ ...member, key_package: z.string() })),
  }),
  /** The keys have changed: `epoch` is the new one. To all members, also the one who sent the commit. */
  z.object({ type: z.literal("keys_commit"), ...group, from_id: id, commit: z.string() }),
  /** The client has been added. */
  z.object({ type: z.literal("keys_welcome"), ...group, welcome: z.string() }),
] as const;

const keyCommand = z.discriminatedUnion("type", keyCommands);
const keyEvent = z.discriminatedUnion("type", keyEvents);

export type KeyCommand = z.infer<typeof keyCommand>;
export type KeyEvent = z.infer<typeof keyEvent>;
