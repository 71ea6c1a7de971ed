import type { Dm, Me, Server, Webhook } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Whose picture it is. */
export type PictureOwner = { kind: "me" | "banner" } | { kind: "server" | "group" | "webhook"; id: number };

/** Calls about pictures, apart from `Rest` so that only their screens load them. Each rejects with `ApiError`. */
export function pictureCalls({ call }: Pick<Rest, "call">) {
  return {
    /** A file as the browser has it, or a part of it that was cut out. */
    set: (owner: PictureOwner, picture: Blob) =>
      call<Me | Server | Dm | Webhook>("PUT", pathOf(owner), { body: picture }),
    remove: (owner: PictureOwner) => call<Me | Server | Dm | Webhook>("DELETE", pathOf(owner)),
  };
}

function pathOf(owner: PictureOwner): string {
  switch (owner.kind) {
    case "me":
      return "/api/auth/me/picture";
    case "banner":
      return "/api/auth/me/banner";
    case "server":
      return `/api/servers/${owner.id}/icon`;
    case "group":
      return `/api/dms/${owner.id}/icon`;
    case "webhook":
      return `/api/webhooks/${owner.id}/picture`;
  }
}
