import { channelPermissions, includes, permissionBits } from "@miscord/rights";
import type { ChannelRights, MemberRoles, ServerRights } from "../../store/queries/roles.ts";

/**
 * What members of one server may do in its channels. Members with the same roles share an answer, so that thousands of
 * members cost little more than their number.
 */
export class MemberVisibility {
  readonly #rights: ServerRights;
  readonly #members: ReadonlyMap<number, MemberRoles>;
  readonly #now: number;
  readonly #restricted: readonly ChannelRights[];
  /** Members with overrides of their own. */
  readonly #special: ReadonlySet<number>;
  readonly #byRoles = new Map<string, ReadonlySet<number>>();
  /** Owners of bots, who are among the members if they are members at all. */
  readonly #owners: ReadonlyMap<number, number>;

  constructor(
    rights: ServerRights,
    members: ReadonlyMap<number, MemberRoles>,
    now: number,
    owners: ReadonlyMap<number, number> = new Map(),
  ) {
    this.#owners = owners;
    this.#rights = rights;
    this.#members = members;
    this.#now = now;
    this.#restricted = rights.channels.filter(({ isRestricted }) => isRestricted);
    const own = this.#restricted.flatMap(({ overrides }) => overrides.filter(({ type }) => type === "member"));
    this.#special = new Set([rights.ownerId, ...own.map(({ target_id }) => target_id)]);
  }

  isMember(userId: number): boolean {
    return this.#members.has(userId);
  }

  /** Ids of the restricted channels that the member sees, and of a bot its owner as well. */
  restrictedFor(userId: number): ReadonlySet<number> {
    const ownerId = this.#owners.get(userId);
    const seen = this.#restrictedFor(userId);
    return ownerId === undefined ? seen : seen.intersection(this.#restrictedFor(ownerId));
  }

  #restrictedFor(userId: number): ReadonlySet<number> {
    const member = this.#members.get(userId);
    if (!member) return new Set();
    const { roles, lacksFactor } = member;
    const shared = `${lacksFactor ? "without factor " : ""}${roles.map(({ id }) => id).join(" ")}`;
    const key = this.#special.has(userId) ? `user ${userId}` : shared;
    let seen = this.#byRoles.get(key);
    if (!seen) {
      const isSeen = (channel: ChannelRights) => this.#permissions(userId, member, channel) !== 0;
      this.#byRoles.set(key, (seen = new Set(this.#restricted.filter(isSeen).map(({ id }) => id))));
    }
    return seen;
  }

  /** Whether the user may be in the call of the channel, speak in it, or show a camera or a screen. */
  may(permission: "connect" | "speak" | "stream", userId: number, channelId: number): boolean {
    const ownerId = this.#owners.get(userId);
    if (ownerId !== undefined && !this.#may(permission, ownerId, channelId)) return false;
    return this.#may(permission, userId, channelId);
  }

  #may(permission: "connect" | "speak" | "stream", userId: number, channelId: number): boolean {
    const member = this.#members.get(userId);
    const channel = this.#rights.channels.find(({ id }) => id === channelId);
    if (!member || !channel) return false;
    const isTimedOut = member.timedOutUntil !== null && member.timedOutUntil > this.#now;
    return includes(this.#permissions(userId, member, channel, isTimedOut), permissionBits[permission]);
  }

  #permissions(
    userId: number,
    { roles, lacksFactor }: MemberRoles,
    channel: ChannelRights,
    isTimedOut = false,
  ): number {
    const { ownerId, everyone } = this.#rights;
    return channelPermissions({ userId, ownerId, everyone, roles, isTimedOut, lacksFactor }, channel.overrides);
  }
}
