import type { MainEvent } from "@miscord/protocol";
import type { ChannelRights } from "../../store/queries/roles.ts";
import type { ClientSession } from "../client-session/client-session.ts";
import type { Gain } from "./added-channels.ts";
import type { Changes } from "./merge-changes.ts";
import { sees, updatedEvent } from "./seen-categories.ts";
import type { MemberVisibility } from "./visible-channels.ts";

/** What the sessions in a server are compared with after a change of rights. */
export interface CompareContext {
  readonly serverId: number;
  readonly changed: Readonly<Record<"hidden" | "opened" | "overridden" | "updated", ReadonlySet<number>>>;
  readonly visibility: MemberVisibility;
  readonly channels: ReadonlyMap<number, ChannelRights>;
  /** Those that not all members see, or of which something has changed: with all others nothing happens. */
  readonly concerned: readonly ChannelRights[];
  readonly isConcerned: (channelId: number) => boolean;
}

export function compareContext(
  serverId: number,
  all: readonly ChannelRights[],
  visibility: MemberVisibility,
  changes: Changes,
): CompareContext {
  const changed = {
    hidden: new Set(changes.hidden),
    opened: new Set(changes.opened),
    overridden: new Set(changes.overridden),
    updated: new Set(changes.updated),
  };
  const channels = new Map(all.map((channel) => [channel.id, channel]));
  const sets = [changed.hidden, changed.opened, changed.overridden];
  const isConcerned = (id: number) => (channels.get(id)?.isRestricted ?? true) || sets.some((ids) => ids.has(id));
  const concerned = all.filter(({ id }) => isConcerned(id));
  return { serverId, changed, channels, concerned, isConcerned, visibility };
}

/** Takes from the session the channels that its user does not see any more. */
export function lose(session: ClientSession, context: CompareContext): void {
  const { serverId, changed, visibility, channels, concerned } = context;
  session.rightsChanged(serverId);
  const seen = visibility.restrictedFor(session.userId);
  // A user may follow thousands of threads.
  const places = session.places();
  const events: MainEvent[] = [];
  const drop = (channelId: number, type = session.viewedType(channelId)) => {
    session.unview(channelId);
    session.channelRemoved(channelId);
    const isCategory = type === "category" && { is_category: true };
    events.push({ type: "channel_removed", server_id: serverId, channel_id: channelId, ...isCategory });
  };
  for (const channelId of session.viewedIn(serverId)) if (!channels.has(channelId)) drop(channelId);
  for (const { id, type, isRestricted } of concerned) {
    if (!isRestricted || seen.has(id)) continue;
    if (session.views(id) || changed.hidden.has(id) || places.has(id)) drop(id, type);
  }
  session.send(...events);
}

/** Subscribes the session to the channels that its user sees now; returns those that are new. */
export function gainsOf(session: ClientSession, context: CompareContext): Gain[] {
  const { serverId, changed, visibility, channels, concerned } = context;
  const seen = visibility.restrictedFor(session.userId);
  const gains: Gain[] = [];
  const events: MainEvent[] = [];
  const others = session.viewedIn(serverId).filter((id) => !context.isConcerned(id));
  for (const { id, type, isRestricted, overrides } of [
    ...concerned,
    ...others.flatMap((id) => channels.get(id) ?? []),
  ]) {
    if (isRestricted && !seen.has(id)) continue;
    const didView = session.views(id);
    const isNew = isRestricted ? !didView : didView || changed.opened.has(id);
    const subscribed = isRestricted ? session.view({ id, server_id: serverId, type }) : null;
    if (!isRestricted) session.unview(id);
    if (isNew) gains.push({ session, channelId: id, subscribed });
    else if (changed.overridden.has(id)) {
      events.push(
        { type: "overrides_updated", server_id: serverId, channel_id: id, overrides },
        { type: "permissions_changed", server_id: serverId },
      );
    }
  }
  const gained = new Set(gains.map(({ channelId }) => channelId));
  for (const id of changed.updated) {
    const channel = channels.get(id);
    if (channel && !gained.has(id) && sees(session, channel)) events.push(updatedEvent(channel, session, channels));
  }
  session.send(...events);
  return gains;
}
