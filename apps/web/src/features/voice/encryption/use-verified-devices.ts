import type { CallEncryptionState } from "@miscord/client";
import { useEffect, useState } from "react";
import { useMe } from "../../../core/client.ts";
import { setVerified, verifiedDevices } from "./device-store.ts";

type Member = CallEncryptionState["members"][number];

/** Devices of one user that are remembered. */
const most = 10;

/** Which of these devices the user has compared the code with. */
export function useVerifiedDevices(members: readonly Member[]) {
  const me = useMe();
  const [known, setKnown] = useState<ReadonlySet<string>>(new Set());
  const names = members.map(nameOf).join(" ");
  useEffect(() => {
    let isShown = true;
    const userIds = [...new Set(names.split(" ").map((name) => Number(name.split(":")[0])))];
    const reads = userIds.map(async (userId) =>
      (await verifiedDevices(me.id, userId)).map((fingerprint) => nameOf({ userId, fingerprint })),
    );
    void Promise.all(reads).then((read) => isShown && setKnown(new Set(read.flat())));
    return () => void (isShown = false);
  }, [me.id, names]);
  return {
    isVerified: (member: Member) => known.has(nameOf(member)),
    /** The user has compared the code with all of them. */
    verify: async () => {
      setKnown(new Set([...known, ...members.map(nameOf)]));
      for (const { userId, fingerprint } of members) {
        const before = await verifiedDevices(me.id, userId);
        const after = [fingerprint, ...before.filter((one) => one !== fingerprint)].slice(0, most);
        await setVerified(me.id, userId, after).catch(() => {});
      }
    },
  };
}

function nameOf({ userId, fingerprint }: Member): string {
  return `${userId}:${fingerprint}`;
}
