import type { MiscordClient } from "@miscord/client";
import type { Message } from "@miscord/protocol";
import type { Dice } from "./dice.ts";
import { FaultyLink } from "../harness/faulty-link.ts";
import { meddledSocket } from "./meddled-socket.ts";
import type { Town } from "./world.ts";
import { originalOf, Witness } from "./invariants.ts";

/** Somebody who does everything that one can do in a channel, over a bad line. */
export class Visitor {
  readonly link: FaultyLink;
  readonly witness: Witness;
  readonly #client: MiscordClient;
  readonly #town: Town;
  readonly #dice: Dice;
  readonly #name: string;
  readonly #deleted: Set<string>;
  #count = 0;

  private constructor(
    name: string,
    client: MiscordClient,
    link: FaultyLink,
    world: { town: Town; dice: Dice; deleted: Set<string> },
  ) {
    this.#name = name;
    this.#client = client;
    this.link = link;
    this.witness = new Witness(client);
    this.#town = world.town;
    this.#dice = world.dice;
    this.#deleted = world.deleted;
  }

  static async enter(number: number, world: { town: Town; dice: Dice; deleted: Set<string> }): Promise<Visitor> {
    const link = await FaultyLink.to(world.town.port);
    const client = await world.town.enter(number, { wsUrl: link.url, WebSocket: meddledSocket(world.dice) });
    for (const channelId of world.town.channels) void client.openChannel(channelId);
    return new Visitor(`visitor ${number}`, client, link, world);
  }

  act(): void {
    const dice = this.#dice;
    const channelId = dice.pick(this.#town.channels);
    const roll = dice.next();
    if (roll < 0.6) return this.#speak(channelId);
    const messages = this.#client.store.getState().timelines[channelId]?.messages ?? [];
    if (messages.length === 0) return;
    const message = dice.pick(messages);
    if (roll < 0.9) return ignoringRefusal(this.#change(message));
    if (roll < 0.94) return this.#client.markRead(channelId, message.seq);
    ignoringRefusal(this.#wander(channelId, message));
  }

  async leave(): Promise<void> {
    this.#client.close();
    await this.link.close();
  }

  #speak(channelId: number): void {
    this.#count += 1;
    this.witness.send(channelId, `${this.#name} says ${this.#count}`);
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
    return this.#client.setReaction(message.id, dice.pick(["👍", "🎉", "❤️"]), dice.chance(0.7));
  }

  #wander(channelId: number, message: Message): Promise<unknown> {
    const client = this.#client;
    return this.#dice.pick([
      () => client.loadOlder(channelId),
      () => client.loadNewer(channelId),
      () => client.jumpTo(channelId, message.id),
      () => client.jumpToPresent(channelId),
    ])();
  }
}

/** Without a server there is nobody to say yes: whoever clicks then sees an error, and nothing has changed. */
function ignoringRefusal(call: Promise<unknown>): void {
  call.catch(() => {});
}
