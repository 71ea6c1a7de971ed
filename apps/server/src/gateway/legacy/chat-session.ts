import { closeCodes, type Message } from "@miscord/protocol";
import { channelAccess } from "../../domain/access.ts";
import type { Authentication } from "../../domain/context.ts";
import { AppError } from "../../errors.ts";
import type { Connection } from "../connection/connection.ts";
import type { SessionDeps } from "../client-session/client-session.ts";
import { LegacySession } from "./session.ts";

/** A socket that is one channel: it hears it from the start, and ends with the right to read it. */
export class LegacyChatSession extends LegacySession {
  readonly channelId: number;

  constructor(connection: Connection, authentication: Authentication, deps: SessionDeps, channelId: number) {
    super(connection, authentication, deps);
    this.channelId = channelId;
  }

  /** @throws AppError `not_found` */
  async enter(): Promise<void> {
    const { delivery } = this.deps;
    const { writer } = this.connection;
    const serverId = await this.#requireAccess();
    // Closed meanwhile: nothing would take back what it subscribes to now.
    if (!this.connection.isOpen) return;
    this.channels.set(this.channelId, { serverId, isAnnounced: false });
    this.joinedServer(serverId);
    const topics = [`server:${serverId}`, `channel:${this.channelId}`] as const;
    await Promise.all(topics.map((topic) => delivery.subscribe(topic, writer)));
    // What was taken away before the orders could be heard.
    await this.#requireAccess();
  }

  override leaveChannel(channelId: number): void {
    const wasIn = this.channels.has(channelId);
    super.leaveChannel(channelId);
    if (wasIn) this.connection.close(closeCodes.policy, "the channel is not yours any more");
  }

  /** There are no acks: the author's own message is the answer, and a repeat gets the first one again. */
  override confirm(_nonce: string, message: Message, isRepeat: boolean): void {
    if (isRepeat) this.send({ type: "new_message", channel_id: message.channel_id, seq: message.seq, data: message });
  }

  async #requireAccess(): Promise<number> {
    const { serverId, type } = await channelAccess(this.deps.context, this, this.channelId);
    if (type !== "text") throw new AppError("not_found", "This is no text channel.");
    return serverId;
  }
}
