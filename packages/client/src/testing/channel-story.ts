import type { User } from "@miscord/protocol";
import { createClient } from "../create-client.ts";
import { alice, FakeServer } from "./fake-server.ts";
import { settled } from "./manual-clock.ts";

export const channelId = 7;
export const bob: User = { ...alice, id: 2, username: "bob", display_name: "Bob" };

/** Alice's connected client, and a channel in which Bob writes. */
export class ChannelStory {
  readonly server = new FakeServer();
  readonly client = createClient(this.server.platform);

  static async begin(): Promise<ChannelStory> {
    const story = new ChannelStory();
    await story.client.start();
    await settled();
    return story;
  }

  async open(around?: number): Promise<void> {
    await this.client.openChannel(channelId, around === undefined ? {} : { around });
    await settled();
  }

  say(content: string, replyTo?: number) {
    return this.server.channel.send(bob, content, replyTo ? { replyTo } : {});
  }

  timeline() {
    return this.client.store.getState().timelines[channelId]!;
  }

  contents(): string[] {
    return this.timeline().messages.map(({ content }) => content);
  }

  idOf(content: string): number {
    return this.server.channel.alive.find((message) => message.content === content)!.id;
  }

  lastMessageSeq(): number | undefined {
    return this.client.store.getState().channels[channelId]?.last_message_seq;
  }
}
