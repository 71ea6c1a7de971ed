import { closeCodes, type RegionRefusal } from "@miscord/protocol";
import type { Logger } from "pino";
import { TokenBucket } from "../../concurrency/token-bucket.ts";
import type { DomainContext } from "../../domain/context.ts";
import {
  isVoiceNode,
  noteLink,
  noteRefusal,
  voiceNodeOfToken,
  type KnownNode,
} from "../../domain/instance/voice-nodes.ts";
import type { SecurityLog } from "../../domain/ports.ts";
import { AppError } from "../../errors.ts";
import { fromNode, type FromNode } from "../../voice/regions/link-messages.ts";
import type { RegionLink } from "../../voice/regions/region-link.ts";
import { RegionRefused, type Regions } from "../../voice/regions/regions.ts";
import { reachableAddress } from "../../client-address.ts";
import type { Connection } from "../connection/connection.ts";
import { parseObject } from "../connection/incoming.ts";
import type { Endpoint, Handshake } from "../endpoint.ts";

export interface VoiceNodeEndpointOptions {
  readonly context: Pick<DomainContext, "store" | "clock">;
  readonly regions: Regions;
  readonly security: SecurityLog;
  readonly logger: Logger;
}

/** Above what the busiest unit sends: news about tracks to two hundred listeners, some times a second. */
const incoming = {
  frames: { burst: 20_000, perSecond: 4_000 },
  bytes: { burst: 32 * 1024 * 1024, perSecond: 8 * 1024 * 1024 },
};
/** How often it is looked whether the token of a link still holds. */
const checkMs = 2_000;
/** How often it is written down that a voice node is there. */
const noteMs = 30_000;
const neverMs = 60_000;

/** `/ws/voice-node`: the links of voice nodes, each of which joins by a token of its own. */
export class VoiceNodeEndpoint implements Endpoint {
  readonly path = /^\/ws\/voice-node\/?$/;
  readonly hasOwnTokens = true;
  readonly delaysRefusals = true;
  readonly #options: VoiceNodeEndpointOptions;

  constructor(options: VoiceNodeEndpointOptions) {
    this.#options = options;
  }

  async accept(connection: Connection, { token }: Handshake): Promise<void> {
    const { context, regions, logger } = this.#options;
    const node = token === null ? null : await voiceNodeOfToken(context, token);
    if (node === null) throw new AppError("unauthorized", "No voice node has this token.");
    if (!connection.isOpen) return;
    connection.isPinned = true;
    const port = {
      send: (message: object) => connection.writer.send(JSON.stringify(message)),
      close: (code: number, reason: string) => connection.close(code, reason),
    };
    const { address } = connection.address;
    const { name: region } = node;
    const link = await regions.join(region, port, reachableAddress(address)).catch((error: unknown) => {
      if (error instanceof RegionRefused) this.#keep(noteRefusal(context, node, error.why));
      throw error;
    });
    logger.info({ region, address, connection: connection.id }, "a voice node has connected");
    const check = context.clock.setInterval(() => void this.#check(link, node), checkMs);
    const note = () => {
      if (link.readyAt !== null) this.#keep(noteLink(context, node, link));
    };
    const notes = context.clock.setInterval(note, noteMs);
    connection.onClosed(() => {
      check.cancel();
      notes.cancel();
      const why = link.readyAt === null ? refusalOf(connection.closing?.code) : null;
      if (why) this.#keep(noteRefusal(context, node, why));
      note();
      link.end(closeCodes.goingAway, "connection lost");
      logger.info({ region, connection: connection.id, ...connection.closing }, "a voice node has disconnected");
    });
    this.#read(connection, link, note);
  }

  /** For those who look later; the link does without. */
  #keep(noted: Promise<void>): void {
    noted.catch((error: unknown) => this.#options.logger.warn({ err: error }, "a voice node's state was not noted"));
  }

  /** `onReady`: calls can be forwarded there from now on. */
  #read(connection: Connection, link: RegionLink, onReady: () => void): void {
    const { context, security } = this.#options;
    const { address } = connection.address;
    const frames = new TokenBucket(incoming.frames, context.clock);
    const bytes = new TokenBucket(incoming.bytes, context.clock);
    const refuse = (kind: "malformed" | "rate_limited", reason: string) => {
      security.record(kind, address);
      link.end(kind === "malformed" ? closeCodes.malformed : closeCodes.rateLimited, reason);
    };
    connection.start({
      arriving(count) {
        if (!frames.spend(count)) refuse("rate_limited", "too many messages");
      },
      arrived(count) {
        if (!bytes.spend(count)) refuse("rate_limited", "too many bytes");
      },
      message(data, isBinary) {
        const message = parse(data, isBinary);
        if (!message) return refuse("malformed", "This is no message of a voice node.");
        const wasReady = link.readyAt !== null;
        link.receive(message);
        if (!wasReady && link.readyAt !== null) onReady();
      },
      malformed: () => security.record("malformed", address),
      tick: () => neverMs,
    });
  }

  /** The operator may have removed the voice node. */
  async #check(link: RegionLink, node: KnownNode): Promise<void> {
    const { context } = this.#options;
    // While the database fails, the link stays.
    const isKnown = await isVoiceNode(context, node).catch(() => true);
    if (!isKnown) link.end(closeCodes.tokenInvalid, "The voice node was removed.");
  }
}

/** Why a link has ended before it was ready; null when that says nothing of the voice node. */
function refusalOf(code: number | undefined): RegionRefusal | null {
  if (code === closeCodes.restart) return null;
  if (code === closeCodes.forbidden) return "version";
  return code === closeCodes.malformed ? "malformed" : "unready";
}

/** Null for anything that is no message of a voice node. */
function parse(data: Buffer, isBinary: boolean): FromNode | null {
  try {
    return fromNode.safeParse(parseObject(data, isBinary)).data ?? null;
  } catch {
    return null;
  }
}
