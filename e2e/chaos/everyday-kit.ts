import {
  botCalls,
  emojiCalls,
  type MiscordClient,
  pictureCalls,
  pollCalls,
  profileCalls,
  savedCalls,
  scheduledCalls,
  soundCalls,
  webhookCalls,
} from "@miscord/client";
import type { Message, WebhookWithToken } from "@miscord/protocol";
import { buildWav } from "../../apps/server/src/domain/attachments/sound/testing/build-sound.ts";
import { tinyPicture } from "../../packages/client/src/testing/tiny-picture.ts";
import type { Dice } from "./dice.ts";

type Action = () => Promise<unknown>;

const sound = new Blob([new Uint8Array(buildWav(300))], { type: "audio/wav" });

/** What people change of themselves, of their messages and of their server besides talking. Refusals are for the caller. */
export class EverydayKit {
  readonly #client: MiscordClient;
  readonly #dice: Dice;
  #webhook: WebhookWithToken | null = null;
  #count = 0;

  constructor(client: MiscordClient, dice: Dice) {
    this.#client = client;
    this.#dice = dice;
  }

  /** Something that everybody may do. `text` is nobody else's. */
  use(message: Message, text: string): Promise<unknown> {
    return this.#dice.pick([...this.#aboutMe(text), ...this.#aboutMessages(message)])();
  }

  /** Something that the owner of the server may do. */
  manage(channelId: number, text: string): Promise<unknown> {
    return this.#dice.pick([...this.#expressions(), ...this.#programs(channelId, text)])();
  }

  get #serverId(): number {
    return this.#client.store.getState().serverIds[0]!;
  }

  get #number(): number {
    return (this.#count += 1);
  }

  #aboutMe(text: string): Action[] {
    const { rest, store } = this.#client;
    const dice = this.#dice;
    const profile = profileCalls(rest);
    const pictures = pictureCalls(rest);
    const me = store.getState().session.me!.id;
    return [
      () => rest.setStatus(dice.pick(["online", "idle", "dnd", "invisible"])),
      () => profile.setCustomStatus({ text, emoji: "🌱" }),
      () => profile.clearCustomStatus(),
      () => rest.updateProfile({ display_name: text.slice(0, 30) }),
      () => rest.setNickname(this.#serverId, me, { nickname: dice.pick([null, text.slice(0, 30)]) }),
      () => pictures.set({ kind: dice.pick(["me", "banner"]) }, tinyPicture),
      () => pictures.remove({ kind: dice.pick(["me", "banner"]) }),
    ];
  }

  #aboutMessages(message: Message): Action[] {
    const { rest } = this.#client;
    const scheduled = scheduledCalls(rest);
    return [
      () => rest.call("DELETE", `/api/messages/${message.id}/previews`),
      () => pollCalls(rest).close(message.id),
      () => savedCalls(rest).remove(message.id),
      async () => {
        const [first] = await scheduled.list();
        return first && scheduled.change(first.id, { send_at: new Date(Date.now() + 1_000).toISOString() });
      },
      () => this.#client.setReaction(message.id, this.#ownEmoji() ?? "🌱", true),
    ];
  }

  /** As a reaction names it. */
  #ownEmoji(): string | undefined {
    const [emoji] = this.#client.store.getState().servers[this.#serverId]?.emojis ?? [];
    return emoji && `<:${emoji.name}:${emoji.id}>`;
  }

  #expressions(): Action[] {
    const { rest, store } = this.#client;
    const id = this.#serverId;
    const { emojis = [], stickers = [], sounds = [] } = store.getState().servers[id] ?? {};
    const made = (["emojis", "stickers"] as const).flatMap((kind): Action[] => {
      const calls = emojiCalls(rest, id, kind);
      const [first] = kind === "emojis" ? emojis : stickers;
      return [
        () => calls.create(tinyPicture, `own${this.#number}`),
        async () => first && calls.change(first.id, { name: `other${this.#number}` }),
        async () => first && calls.remove(first.id),
      ];
    });
    const calls = soundCalls(rest, id);
    const [first] = sounds;
    return [
      ...made,
      () => calls.create(sound, { name: `sound${this.#number}`, emoji: "🥁", volume: 50 }),
      async () => first && calls.change(first.id, { volume: 70 }),
      async () => first && calls.remove(first.id),
    ];
  }

  #programs(channelId: number, text: string): Action[] {
    const { rest } = this.#client;
    const bots = botCalls(rest);
    return [
      async () => {
        const { id, token } = (this.#webhook ??= await webhookCalls(rest).create(channelId, "hook"));
        return rest.callOpenly("POST", `/api/webhooks/${id}/${token}`, { body: { content: text } });
      },
      async () => {
        const { id } = await bots.create({ username: `robot${this.#number}` });
        return bots.addToServer(this.#serverId, id);
      },
      async () => {
        const [first] = await bots.list();
        return first && bots.remove(first.id);
      },
    ];
  }
}
