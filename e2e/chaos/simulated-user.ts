import type { MiscordClient } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import type { Dice } from "./dice.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import { meddledSocket } from "./meddled-socket.ts";
import type { ChaosWorld } from "./world.ts";
import { originalOf, SendRecord } from "./invariants.ts";

interface Scene {
  world: ChaosWorld;
  dice: Dice;
  /** Contents of all deleted messages, shared by the users. */
  deleted: Set<string>;
}

const yesOrNo = { answers: ["yes", "no"], multiple: false, anonymous: false, duration_s: null };

/** A client that does everything a user can do in a channel, at random and over a faulty link. It drives the SDK, not a browser. */
export class SimulatedUser {
  readonly link: FaultyLink;
  readonly record: SendRecord;
  readonly #client: MiscordClient;
  readonly #world: ChaosWorld;
  readonly #dice: Dice;
  readonly #name: string;
  readonly #deleted: Set<string>;
  #count = 0;

  private constructor(name: string, client: MiscordClient, link: FaultyLink, scene: Scene) {
    this.#name = name;
    this.#client = client;
    this.link = link;
    this.record = new SendRecord(client);
    this.#world = scene.world;
    this.#dice = scene.dice;
    this.#deleted = scene.deleted;
  }

  static async enter(number: number, scene: Scene): Promise<SimulatedUser> {
    const link = await FaultyLink.to(...scene.world.nodes.map(({ port }) => port));
    const client = await scene.world.enter(number, { wsUrl: link.wsUrl, WebSocket: meddledSocket(scene.dice) });
    for (const channelId of scene.world.channels) void client.openChannel(channelId);
    return new SimulatedUser(`user ${number}`, client, link, scene);
  }

  act(): void {
    const dice = this.#dice;
    const channelId = dice.pick(this.#world.channels);
    const roll = dice.next();
    if (roll < 0.6) return this.#send(channelId);
    const messages = this.#client.store.getState().timelines[channelId]?.messages ?? [];
    if (messages.length === 0) return;
    const message = dice.pick(messages);
    if (roll < 0.9) return ignoreRefusal(this.#change(message));
    if (roll < 0.94) return this.#client.markRead(channelId, message.seq);
    ignoreRefusal(this.#browse(channelId, message));
  }

  async leave(): Promise<void> {
    this.#client.close();
    await this.link.close();
  }

  #send(channelId: number): void {
    this.#count += 1;
    const text = `${this.#name} says ${this.#count}`;
    this.record.send(channelId, text, this.#dice.chance(0.05) ? yesOrNo : undefined);
  }

  #change(message: Message): Promise<unknown> {
    const dice = this.#dice;
    const isOwn = message.author.id === this.#client.store.getState().session.me?.id;
    if (isOwn && dice.chance(0.2)) {
      this.#deleted.add(originalOf(message.content));
      return this.#client.deleteMessage(message.id);
    }
    if (isOwn)
      return this.#client.editMessage(message.id, `${originalOf(message.content)} (edited ${dice.between(1, 1_000)})`);
    if (message.poll && dice.chance(0.5)) return this.#vote(message.id, dice.pick([[], [0], [1]]));
    return this.#client.setReaction(message.id, dice.pick(["👍", "🎉", "❤️"]), dice.chance(0.7));
  }

  async #vote(messageId: number, answers: readonly number[]): Promise<void> {
    await (await this.#client.votes()).cast(messageId, answers);
  }

  #browse(channelId: number, message: Message): Promise<unknown> {
    const client = this.#client;
    return this.#dice.pick([
      () => client.loadOlder(channelId),
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
