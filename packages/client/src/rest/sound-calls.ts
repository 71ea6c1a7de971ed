import type { ServerSound, SoundPatch } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls about the sounds of a server, apart from `Rest` so that only their screen loads them. Each rejects with `ApiError`. */
export function soundCalls({ call }: Pick<Rest, "call">, serverId: number) {
  const path = `/api/servers/${serverId}/sounds`;
  return {
    /** `file` has the type of a sound. */
    create: (file: Blob, { name, emoji, volume }: { name: string; emoji: string | null; volume: number }) =>
      call<ServerSound>("POST", path, {
        body: file,
        query: { name, volume: String(volume), ...(emoji !== null && { emoji }) },
      }),
    change: (soundId: number, body: SoundPatch) => call<ServerSound>("PATCH", `${path}/${soundId}`, { body }),
    remove: (soundId: number) => call<void>("DELETE", `${path}/${soundId}`),
  };
}
