import { limits } from "@miscord/protocol";
import { iceServer } from "@miscord/protocol/schemas";
import { z } from "zod";
import type { ToUnit } from "../forwarding/messages.ts";

/** Changes when an instance and a voice node of another version would misunderstand each other. */
export const linkVersion = 1;

/** Each end says so often that it is there; one that is silent for some such periods is given up. */
export const beatMs = 500;
export const silentBeats = 4;

/** Sections of a connection to the unit. */
const mostTracks = 64;

const peer = z.string().min(1).max(64);
const count = z.number().nonnegative();

/** Only what relays: a voice node tells browsers of no other servers. */
const turnServer = iceServer.extend({
  urls: z
    .array(
      z
        .string()
        .max(200)
        .regex(/^turns?:[^\s/@]+$/),
    )
    .min(1)
    .max(8),
  username: z.string().max(200),
  credential: z.string().max(200),
});

const track = z.object({
  userId: z.number().int().positive(),
  kind: z.enum(["microphone", "screen", "screen_sound", "camera"]),
});

/**
 * What a voice node sends the instance. It is trusted with the media of the rooms that it is given, and with nothing else.
 * `hello` comes first, from a voice node of any version; `ready` follows once its forwarding unit works.
 */
export const fromNode = z.discriminatedUnion("kind", [
  z.object({
    kind: z.literal("hello"),
    link: z.number().int(),
    version: z.string().max(30),
    /** Origin at which browsers measure how far away it is; null: it has none. */
    url: z.string().max(300).nullable(),
  }),
  /** `stunUrl`: address of its own answers to STUN requests, by which browsers may measure as well. */
  z.object({
    kind: z.literal("ready"),
    stunUrl: z
      .string()
      .max(200)
      .regex(/^stun:[^\s/@]+$/)
      .nullable(),
  }),
  /** `ping`: of the beat that it answers. */
  z.object({ kind: z.literal("beat"), ping: z.number().int().optional() }),
  z.object({
    kind: z.literal("offer"),
    peer,
    sdp: z.string().max(limits.sdpLength),
    iceServers: z.array(turnServer).max(2).optional(),
  }),
  z.object({
    kind: z.literal("tracks"),
    peer,
    tracks: z
      .record(z.string().max(32), track)
      .refine((tracks) => Object.keys(tracks).length <= mostTracks, "too many tracks"),
    isScreenWanted: z.boolean(),
    isCameraWanted: z.boolean(),
    isSmallScreenWanted: z.boolean(),
    isSmallCameraWanted: z.boolean(),
    isMixedWanted: z.boolean(),
  }),
  z.object({
    kind: z.literal("signal"),
    peer,
    userId: z.number().int().positive(),
    type: z.enum(["offer", "answer"]),
    sdp: z.string().max(limits.sdpLength),
  }),
  z.object({ kind: z.literal("unreached"), peer }),
  z.object({ kind: z.literal("figures"), peers: count, packetsIn: count, packetsOut: count, bytesOut: count }),
]);

export type FromNode = z.infer<typeof fromNode>;

/** What the instance sends a voice node. `welcome` answers its `hello`. */
export type ToNode =
  | {
      kind: "welcome";
      region: string;
      /** The voice node's address, as the instance sees it; null when it is not one that others reach. */
      address: string | null;
      /** Participants may come through a TURN server of the instance over TCP or TLS. */
      hasTurnOverTcp: boolean;
      /** The instance knows `unreached`; absent on older ones. */
      takesUnreached?: boolean;
    }
  /** `ping` is to be sent back at once; older voice nodes do not. */
  | { kind: "beat"; ping?: number }
  | Exclude<ToUnit, { kind: "start" }>;
