import type { Channel, Member, Message, Role, ServerState } from "@miscord/protocol";
import { bitsOf, channelPermissions, difference, permissionBits } from "@miscord/rights";
import { Dice } from "./dice.ts";
import { makeNoise, type Person, type Secret } from "./ways-in.ts";

const view = bitsOf("viewChannel");

/** Each is written in at every step. */
const mostThreads = 2;

/** A server whose rights change at random, with members on every way in; its owner makes the changes. */
export class RightsWorld {
  readonly owner: Person;
  readonly members: readonly Person[];
  readonly serverId: number;
  /** By channel: every word that may be known to its viewers only. */
  readonly words = new Map<number, Set<string>>();
  readonly latest = new Map<number, Message>();
  /** By thread: its parent. All who see the parent follow it from its creation on. */
  readonly threads = new Map<number, number>();
  readonly #dice: Dice;
  #count = 0;

  constructor(owner: Person, members: readonly Person[], server: ServerState, seed: number) {
    this.owner = owner;
    this.members = members;
    this.serverId = server.id;
    this.#dice = new Dice(seed);
    for (const channel of server.channels) this.words.set(channel.id, new Set());
  }

  word(channelId: number): string {
    const word = `secret${(this.#count += 1)}x`;
    this.words.set(channelId, (this.words.get(channelId) ?? new Set()).add(word));
    return word;
  }

  state(): Promise<ServerState> {
    return this.owner.http.get(`/api/servers/${this.serverId}`);
  }

  /** One change of a right, by the owner. */
  async change(): Promise<string> {
    const { channels, roles, everyone_role_id: everyone } = await this.state();
    const { http } = this.owner;
    const channel = this.#dice.pick(channels);
    const person = this.#dice.pick(this.members);
    const role = this.#dice.pick(roles);
    const categories = channels.filter(({ type }) => type === "category");
    const category = categories.length > 0 ? this.#dice.pick(categories).id : null;
    const own = roles.filter(({ id }) => id !== everyone);
    const sides = this.#dice.pick([
      { allow: view, deny: 0 },
      { allow: 0, deny: view },
      { allow: 0, deny: view },
      { allow: 0, deny: 0 },
    ]);
    const changes: Record<string, () => Promise<unknown>> = {
      "a new role": () =>
        http.post(`/api/servers/${this.serverId}/roles`, {
          name: "role",
          permissions: this.#dice.pick([0, view, permissionBits.administrator]),
        }),
      "an override of a role": () =>
        http.put(`/api/channels/${channel.id}/overrides/${role.id}`, { type: "role", ...sides }),
      "an override of everyone": () =>
        http.put(`/api/channels/${channel.id}/overrides/${everyone}`, { type: "role", ...sides }),
      "an override of a member": () =>
        http.put(`/api/channels/${channel.id}/overrides/${person.id}`, { type: "member", ...sides }),
      "the permissions of a role": () =>
        http.patch(`/api/roles/${role.id}`, {
          permissions: difference(role.permissions, this.#dice.pick([view, permissionBits.sendMessages])),
        }),
      "a role given": async () => {
        if (own.length > 0) await http.put(this.#held(person, this.#dice.pick(own)));
      },
      "a role taken": async () => {
        if (own.length > 0) await http.delete(this.#held(person, this.#dice.pick(own)));
      },
      "a role deleted": async () => {
        if (own.length > 2) await http.delete(`/api/roles/${this.#dice.pick(own).id}`);
      },
      "a private channel": async () => {
        const overrides = [{ type: "role", target_id: everyone, allow: 0, deny: view }];
        const name = `secret${(this.#count += 1)}x`;
        const type = this.#dice.pick(["text", "voice", "forum"]);
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, { name, type, overrides });
        this.words.set(made.id, new Set([name]));
      },
      "a category": async () => {
        const name = `secret${(this.#count += 1)}x`;
        const overrides = this.#dice.pick([[], [{ type: "role", target_id: everyone, allow: 0, deny: view }]]);
        const body = { name, type: "category", overrides };
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, body);
        this.words.set(made.id, new Set([name]));
      },
      "a channel in a category": async () => {
        const name = `secret${(this.#count += 1)}x`;
        const body = { name, type: this.#dice.pick(["text", "voice", "forum"]), category_id: category };
        const made = await http.post<Channel>(`/api/servers/${this.serverId}/channels`, body);
        this.words.set(made.id, new Set([name]));
      },
      "a channel moved": async () => {
        const position = this.#dice.pick(channels).position;
        const place = channel.type === "category" ? {} : { category_id: this.#dice.pick([category, null]) };
        await http.patch(`/api/channels/${channel.id}`, { position, ...place });
      },
      "an override of a category": async () => {
        const target = this.#dice.pick([role.id, everyone]);
        const path = `/api/channels/${category ?? channel.id}/overrides/${target}`;
        await http.put(path, { type: "role", ...sides });
      },
      "a thread": () => this.startThread(channels),
      "a thread renamed": async () => {
        const [threadId] = this.threadsIn(channels).at(-1) ?? [];
        if (threadId !== undefined) await http.patch(`/api/channels/${threadId}`, { name: this.word(threadId) });
      },
      "a channel renamed": () => http.patch(`/api/channels/${channel.id}`, { name: this.word(channel.id) }),
      "a channel deleted": async () => {
        if (channels.length > 3) await http.delete(`/api/channels/${channel.id}`);
      },
      "a second factor required, or not": () =>
        http.put(`/api/servers/${this.serverId}/second-factor`, { factor_required: this.#dice.pick([true, false]) }),
      "channels in the onboarding": () =>
        http.put(`/api/servers/${this.serverId}/onboarding`, {
          enabled: true,
          welcome: "",
          channel_ids: channels.map(({ id }) => id).slice(0, 10),
          questions: [],
        }),
      "another order": () =>
        http.put(`/api/servers/${this.serverId}/channels/order`, {
          channel_ids: channels.map(({ id }) => id).toReversed(),
        }),
    };
    const name = this.#dice.pick(Object.keys(changes));
    await changes[name]!();
    return name;
  }

  /** In a random text channel or forum, followed by everybody who can. */
  async startThread(channels: readonly Channel[]): Promise<void> {
    const parents = channels.filter(({ type }) => type === "text" || type === "forum");
    if (parents.length === 0 || this.threadsIn(channels).length >= mostThreads) return;
    const parent = this.#dice.pick(parents);
    const name = `secret${(this.#count += 1)}x`;
    const path = `/api/channels/${parent.id}/${parent.type === "forum" ? "posts" : "threads"}`;
    const { id } = await this.owner.http
      .post<Channel>(path, { name, message_id: this.latest.get(parent.id)?.id ?? null, content: name })
      // A message has one thread.
      .catch(() => this.owner.http.post<Channel>(path, { name, content: name }));
    this.words.set(id, new Set([name]));
    this.threads.set(id, parent.id);
    for (const { http } of this.members) await http.request("PUT", `/api/channels/${id}/follow`);
  }

  /** Threads whose parent exists, with their parents. */
  threadsIn(channels: readonly Pick<Channel, "id">[]): [threadId: number, parentId: number][] {
    const present = new Set(channels.map(({ id }) => id));
    return [...this.threads].filter(([, parentId]) => present.has(parentId));
  }

  #held(person: Person, role: Role): string {
    return `/api/servers/${this.serverId}/members/${person.id}/roles/${role.id}`;
  }

  /** The channels that the member may see, with their threads, by the policy and what the owner reads. */
  async visibleTo(person: Person, state: ServerState): Promise<Set<number>> {
    const { members } = await this.owner.http.get<{ members: Member[] }>(`/api/servers/${this.serverId}/members`);
    const roleIds = members.find(({ id }) => id === person.id)!.role_ids;
    const rights = {
      userId: person.id,
      ownerId: this.owner.id,
      everyone: state.roles.find(({ id }) => id === state.everyone_role_id)!,
      roles: state.roles.filter(({ id }) => roleIds.includes(id)),
      lacksFactor: state.factor_required && !person.hasFactor,
    };
    const visible = state.channels.filter(({ overrides }) => channelPermissions(rights, overrides) !== 0);
    return new Set([...visible.map(({ id }) => id), ...this.threadsIn(visible).map(([id]) => id)]);
  }

  secret(channelId: number): Secret {
    const message = this.latest.get(channelId);
    const words = new Set([...(this.words.get(channelId) ?? []), ...(message ? [message.content.split(" ")[0]!] : [])]);
    return {
      channelId,
      words,
      messageId: message?.id ?? null,
      fileUrl: message?.attachments[0]?.file_url ?? null,
    };
  }

  /** The owner writes in every channel, enters and leaves every call, and touches what is in a category. */
  async noise(channels: readonly Channel[]): Promise<void> {
    for (const { id, type, name, category_id } of channels) {
      if (category_id !== null) await this.owner.http.patch(`/api/channels/${id}`, { name });
      if (type === "text") this.latest.set(id, await makeNoise(this.owner, id, this.word(id)));
      else if (type === "voice") await this.#call(id);
    }
    for (const [id] of this.threadsIn(channels)) this.latest.set(id, await makeNoise(this.owner, id, this.word(id)));
  }

  async #call(channelId: number): Promise<void> {
    const socket = this.owner.dial(`/ws/voice/${channelId}`);
    await socket.next("participants");
    await socket.close();
  }
}
