import {
  type ClientState,
  draftCalls,
  messageToolCalls,
  type MiscordClient,
  savedCalls,
  scheduledCalls,
} from "@miscord/client";
import type { Message } from "@miscord/protocol";
import { buildOpus } from "../../apps/server/src/domain/attachments/sound/testing/build-sound.ts";
import type { Dice } from "./dice.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import { meddledSocket } from "./meddled-socket.ts";
import { EverydayKit } from "./everyday-kit.ts";
import type { ImportedPast } from "./imported-past.ts";
import { until, type ChaosWorld } from "./world.ts";
import { originalOf, SendRecord, textOf } from "./invariants.ts";

interface Scene {
  world: ChaosWorld;
  past: ImportedPast;
  dice: Dice;
  /** Contents of all deleted messages, shared by the users. */
  deleted: Set<string>;
}

const voiceFile = new Blob([new Uint8Array(buildOpus(50))], { type: "audio/ogg" });
const yesOrNo = { answers: ["yes", "no"], multiple: false, anonymous: false, duration_s: null };

/** A client that does everything a user can do in a channel, at random and over a faulty link. It drives the SDK, not a browser. */
export class SimulatedUser {
  readonly link: FaultyLink;
  readonly record: SendRecord;
  readonly #client: MiscordClient;
  readonly #world: ChaosWorld;
  readonly #past: ImportedPast;
  readonly #isAdmin: boolean;
  readonly #kit: EverydayKit;
  readonly #dice: Dice;
  readonly #name: string;
  readonly #deleted: Set<string>;
  #count = 0;

  private constructor(number: number, client: MiscordClient, link: FaultyLink, scene: Scene) {
    this.#name = `user ${number}`;
    this.#isAdmin = number === 0;
    this.#past = scene.past;
    this.#client = client;
    this.link = link;
    this.record = new SendRecord(client);
    this.#world = scene.world;
    this.#dice = scene.dice;
    this.#deleted = scene.deleted;
    this.#kit = new EverydayKit(client, scene.dice);
  }

  static async enter(number: number, scene: Scene): Promise<SimulatedUser> {
    const link = await FaultyLink.to(...scene.world.nodes.map(({ port }) => port));
    const client = await scene.world.enter(number, { wsUrl: link.wsUrl, WebSocket: meddledSocket(scene.dice) });
    for (const channelId of scene.world.channels) void client.openChannel(channelId);
    const { serverIds } = await listed(client);
    for (const serverId of serverIds) await client.loadMembers(serverId);
    return new SimulatedUser(number, client, link, scene);
  }

  act(): void {
    const dice = this.#dice;
    const channelId = dice.pick(this.#world.channels);
    const roll = dice.next();
    if (roll < 0.55) return this.#send(channelId);
    const messages = this.#client.store.getState().timelines[channelId]?.messages ?? [];
    if (messages.length === 0) return;
    const message = dice.pick(messages);
    if (roll < 0.75) return ignoreRefusal(this.#change(message));
    if (roll < 0.78) return this.#client.markRead(channelId, message.seq);
    if (roll < 0.86) return ignoreRefusal(this.#keep(channelId, message));
    if (roll < 0.92) return ignoreRefusal(this.#kit.use(message, this.#nextText()));
    if (roll < 0.94)
      return ignoreRefusal(this.#isAdmin ? this.#kit.manage(channelId, this.#nextText()) : this.#say(channelId));
    ignoreRefusal(roll < 0.97 ? this.#judge() : this.#browse(channelId, message));
  }

  /** Says to be somebody who wrote elsewhere before. */
  claim(): Promise<unknown> {
    return this.#past.claim(this.#client, this.#dice);
  }

  /** As administrator, of whoever waits. */
  accept(): Promise<unknown> {
    return this.#past.decide(this.#client, "accept");
  }

  /** Whether all that was to be sent later is sent. */
  async hasNothingToSend(): Promise<boolean> {
    const waiting = await scheduledCalls(this.#client.rest)
      .list()
      .catch(() => null);
    return waiting?.length === 0;
  }

  async leave(): Promise<void> {
    this.#client.close();
    await this.link.close();
  }

  #nextText(): string {
    this.#count += 1;
    return `${this.#name} says ${this.#count}`;
  }

  #send(channelId: number): void {
    const text = this.#nextText();
    this.record.send(channelId, text, this.#dice.chance(0.05) ? yesOrNo : undefined);
  }

  /** In a voice message. */
  async #say(channelId: number): Promise<void> {
    const voice = { duration_ms: 1_000, waveform: "AP8=" };
    const file = await this.#client.uploadAttachment(voiceFile, { voice });
    this.record.sendVoice(channelId, file);
  }

  #change(message: Message): Promise<unknown> {
    const dice = this.#dice;
    const isOwn = message.author.id === this.#client.store.getState().session.me?.id;
    if (isOwn && dice.chance(0.2)) {
      this.#deleted.add(textOf(message));
      return this.#client.deleteMessage(message.id);
    }
    if (isOwn && message.content !== "")
      return this.#client.editMessage(message.id, `${originalOf(message.content)} (edited ${dice.between(1, 1_000)})`);
    if (message.poll && dice.chance(0.5)) return this.#vote(message.id, dice.pick([[], [0], [1]]));
    return this.#client.setReaction(message.id, dice.pick(["👍", "🎉", "❤️"]), dice.chance(0.7));
  }

  /** What people do over HTTP. A refusal says nothing of whether it was done: its answer may be lost. */
  #keep(channelId: number, message: Message): Promise<unknown> {
    const { rest } = this.#client;
    const dice = this.#dice;
    const soon = (mostMs: number) => new Date(Date.now() + dice.between(0, mostMs)).toISOString();
    const text = this.#nextText();
    return dice.pick([
      () => this.#client.setPin(message, dice.chance(0.7)),
      () => messageToolCalls(rest).forward(message.id, { channel_id: channelId, content: text }),
      () => messageToolCalls(rest).markUnread(message.id),
      () => draftCalls(rest).save(channelId, text),
      () => savedCalls(rest).save(message.id, { remind_at: dice.chance(0.8) ? soon(2_000) : null }),
      () => this.record.schedule(channelId, text, soon(2_000)),
    ])();
  }

  #judge(): Promise<unknown> {
    if (!this.#isAdmin) return this.claim();
    return this.#past.decide(this.#client, this.#dice.pick(["accept", "decline"]));
  }

  async #vote(messageId: number, answers: readonly number[]): Promise<void> {
    await (await this.#client.votes()).cast(messageId, answers);
  }

  #browse(channelId: number, message: Message): Promise<unknown> {
    const client = this.#client;
    return this.#dice.pick([
      () => client.loadOlder(channelId),
      () => client.loadPins(channelId),
      () => client.loadNewer(channelId),
      () => client.jumpTo(channelId, message.id),
      () => client.jumpToPresent(channelId),
    ])();
  }
}

/** Changes and page loads are refused while there is no connection; only sending is retried. */
function ignoreRefusal(call: Promise<unknown>): void {
  call.catch(() => {});
}

/** Once the servers are there. */
async function listed(client: MiscordClient): Promise<ClientState> {
  await until("the servers are listed", () => client.store.getState().serverIds.length > 0);
  return client.store.getState();
}
