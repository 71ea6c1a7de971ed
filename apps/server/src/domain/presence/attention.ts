import type { Cluster } from "../../cluster/contract.ts";
import type { Attention } from "../ports.ts";

/** Each node has an entry in a shared map for each of its users who looks at a client. */
export function createAttention(cluster: Cluster): Attention {
  const entries = cluster.map<true>("attention");
  const clients = new Map<number, number>();
  return {
    isActive: (userId) => entries.get(String(userId)).size > 0,
    attend(userId) {
      const before = clients.get(userId) ?? 0;
      clients.set(userId, before + 1);
      if (before === 0) entries.set(String(userId), true);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = clients.get(userId)! - 1;
        if (left > 0) clients.set(userId, left);
        else {
          clients.delete(userId);
          entries.delete(String(userId));
        }
      };
    },
  };
}
