import type { OutboxPersistence } from "@miscord/client";

const keyOf = (userId: number) => `miscord.outbox.${userId}`;

/** Keeps unsent messages over a reload of the tab. Where storage is forbidden they are lost with the page. */
export const outboxStorage: OutboxPersistence = {
  load(userId) {
    try {
      return JSON.parse(sessionStorage.getItem(keyOf(userId)) ?? "[]");
    } catch {
      return [];
    }
  },
  save(userId, messages) {
    try {
      if (messages.length === 0) sessionStorage.removeItem(keyOf(userId));
      else sessionStorage.setItem(keyOf(userId), JSON.stringify(messages));
    } catch {
      // Storage may be full or forbidden; the messages are still in memory.
    }
  },
};
