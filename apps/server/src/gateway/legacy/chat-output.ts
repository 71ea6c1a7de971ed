import { closeCodes } from "@miscord/protocol";
import type { Clock } from "../../clock.ts";
import type { Sent } from "../../domain/messages/send-message.ts";
import type { ClientSession, SessionOutput } from "../client-session/client-session.ts";
import { LegacyOutput } from "./output.ts";

/** Output of a `/ws/legacy/chat` session, which serves one channel and closes when the user loses access to it. */
export class LegacyChatOutput implements SessionOutput {
  readonly channelId: number;
  readonly #legacy: LegacyOutput;

  constructor(clock: Clock, channelId: number) {
    this.#legacy = new LegacyOutput(clock);
    this.channelId = channelId;
  }

  get tokenEndCode(): number {
    return this.#legacy.tokenEndCode;
  }

  /** Version 1 has no acks: the author's own message is the answer, and a repeated nonce gets the first one again. */
  confirm(session: ClientSession, _nonce: string, { message, isRepeat }: Sent): void {
    if (!isRepeat) return;
    session.send({ type: "new_message", channel_id: message.channel_id, seq: message.seq, data: message });
  }

  leftChannel(session: ClientSession): void {
    session.connection.close(closeCodes.policy, "the channel is not yours any more");
  }

  tick(session: ClientSession): number {
    return this.#legacy.tick(session);
  }
}
