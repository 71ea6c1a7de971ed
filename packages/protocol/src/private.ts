import { z } from "zod";
import { customStatus } from "./own-profile.ts";
import { id, isoTime, notificationSetting, seq, status, user, voiceState } from "./model.ts";

/** Events leave `status` and `custom_status` out: `user_status_changed` tells it. So do requests and blocks. */
export const recipient = user.extend({ status: status.optional(), custom_status: customStatus.optional() });

/** A private channel: `dm` of two people, `group` of up to `limits.groupPeople`. */
export const dm = z.object({
  id,
  type: z.enum(["dm", "group"]),
  /** Null: it is named after its people. */
  name: z.string().nullable(),
  /** Of a group: the one who may remove others. */
  owner_id: id.nullable(),
  /** Of a group; null: none. */
  icon_url: z.string().nullable(),
  /** False: somebody has turned the end-to-end encryption of its calls off; absent otherwise. */
  calls_encrypted: z.literal(false).optional(),
  /** All of its people, the caller too, in the order in which they came. */
  recipients: z.array(recipient),
});

/** Somebody who is called to a private channel. `token` names this ring. */
export const ring = z.object({ user_id: id, caller_id: id, token: z.string(), ends_at: isoTime });

/** A private channel with the caller's read position. `mention_count`: unread messages of others. */
export const dmState = dm.extend({
  last_message_seq: seq,
  /** Time of the latest message; of the creation when there is none. */
  last_message_at: isoTime,
  read_seq: seq,
  /** As in `ChannelState`. */
  read_generation: seq.optional(),
  mention_count: z.number().int().nonnegative(),
  /** A stranger's, which the caller has neither accepted nor ignored; absent otherwise. */
  is_request: z.literal(true).optional(),
  /** Who takes part in its call; absent without one. */
  voice_states: z.array(voiceState).optional(),
  /** Whom its call rings; absent when it rings nobody. */
  rings: z.array(ring).optional(),
  /** Absent when everything is inherited. */
  notifications: notificationSetting.optional(),
});

/** What another user is to the caller. `incoming` and `outgoing`: requests to be friends. */
export const relationship = z.object({ user: recipient, kind: z.enum(["friend", "incoming", "outgoing", "blocked"]) });

export const requestAnswer = z.enum(["accept", "ignore"]);
export const requestAnswerBody = z.object({ answer: requestAnswer });

export type RequestAnswer = z.infer<typeof requestAnswer>;
export type Recipient = z.infer<typeof recipient>;
export type Ring = z.infer<typeof ring>;
export type Dm = z.infer<typeof dm>;
export type DmState = z.infer<typeof dmState>;
export type Relationship = z.infer<typeof relationship>;
