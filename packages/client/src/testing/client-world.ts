import { expect } from "vitest";
import { createClient, type ClientOptions, type MiscordClient, type Mode } from "../index.ts";
import { pollEveryMs } from "../legacy/account-poll.ts";
import { systemClock, type Clock } from "../platform.ts";
import { createCookieFetch } from "./cookie-fetch.ts";
import { expectConverged } from "./expect-converged.ts";

export const password = "correct horse battery";

/** Usernames differ within a test file, whose tests may share an instance. */
let people = 0;

/** What legacy mode looks for once in ten seconds, it looks for twenty times as often: stories wait for many of these polls. */
const hurried: Clock = {
  now: () => systemClock.now(),
  setTimeout: (callback, delayMs) => systemClock.setTimeout(callback, delayMs === pollEveryMs ? delayMs / 20 : delayMs),
};

type OpenOptions = ClientOptions & {
  /** Index of the server to connect to; by default the servers take turns. */
  node?: number;
  /** Of another version of the SDK. */
  create?: typeof createClient;
};

/** People whose clients connect to the servers of a real instance. */
export class ClientWorld {
  readonly clients: MiscordClient[] = [];
  readonly #instance: { readonly urls: readonly string[] };
  readonly #mode: Mode;
  #opened = 0;

  constructor(instance: { readonly urls: readonly string[] }, mode: Mode = "enhanced") {
    this.#instance = instance;
    this.#mode = mode;
  }

  /** A client without a login. */
  open({ node, create = createClient, ...options }: OpenOptions = {}): MiscordClient {
    const { urls } = this.#instance;
    const baseUrl = urls[node ?? this.#opened++ % urls.length]!;
    const ofMode = this.#mode === "legacy" ? { clock: hurried } : {};
    const client = create({
      baseUrl,
      fetch: createCookieFetch(),
      locks: null,
      mode: this.#mode,
      ...ofMode,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** A client that has registered a new user and is connected. */
  async newcomer(options: OpenOptions = {}): Promise<MiscordClient> {
    people += 1;
    const username = `person${people}`;
    const client = this.open(options);
    await client.register({ username, password, email: `${username}@example.org` });
    await until(() => client.store.getState().connection.ready);
    return client;
  }

  /** Makes them members of a new server of the first, all with its text channel open. */
  async unite(...everybody: readonly MiscordClient[]): Promise<{ serverId: number; channelId: number }> {
    const [owner, ...others] = everybody;
    const home = await owner!.rest.createServer({ name: "Home" });
    const { code } = await owner!.rest.createInvite(home.id);
    for (const client of others) await client.rest.joinInvite(code);
    const channelId = home.channels.find(({ type }) => type === "text")!.id;
    await Promise.all(
      everybody.map(async (client) => {
        await until(() => client.store.getState().channels[channelId] !== undefined);
        await client.openChannel(channelId);
        await client.loadMembers(home.id);
      }),
    );
    return { serverId: home.id, channelId };
  }

  close(): void {
    for (const client of this.clients) client.close();
  }
}

export async function until(condition: () => boolean): Promise<void> {
  await expect.poll(condition, { interval: 10 }).toBe(true);
}

/** The state of each equals a fresh fetch. */
export async function allConverge(...everybody: readonly MiscordClient[]): Promise<void> {
  await Promise.all(everybody.map((client) => expectConverged(client)));
}

export const me = (client: MiscordClient) => client.store.getState().session.me!;
export const timelineOf = (client: MiscordClient, channelId: number) => client.store.getState().timelines[channelId]!;
export const textsOf = (client: MiscordClient, channelId: number) =>
  timelineOf(client, channelId).messages.map(({ content }) => content);

/** Sends the message and waits until it is in the timeline; returns its id. */
export async function say(client: MiscordClient, channelId: number, content: string, extra = {}): Promise<number> {
  const acked = Promise.withResolvers<number>();
  const stop = client.on("message_acked", (ack) => ack.nonce === nonce && acked.resolve(ack.id));
  const nonce = client.sendMessage(channelId, { content, ...extra });
  const id = await acked.promise;
  stop();
  await until(() => timelineOf(client, channelId).messages.some((message) => message.id === id));
  return id;
}
