import type {
  AuthorClaim,
  AuthorClaimDecision,
  AuthorClaims,
  ImportAuthorBody,
  ImportClaim,
  ImportFiles,
  ImportFilesBody,
  ImportList,
  ImportPart,
  ImportStartBody,
  InstanceImport,
  PendingAuthorClaims,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls of administrators about imports, apart from `Rest` so that only their screen loads them. */
export function importCalls({ call }: Pick<Rest, "call">) {
  const base = "/api/instance/imports";
  return {
    /** The event `imports_changed` says that they are others than before. */
    list: () => call<ImportList>("GET", base),
    create: () => call<InstanceImport>("POST", base),
    addFiles: (id: string, body: ImportFilesBody) => call<ImportFiles>("POST", `${base}/${id}/files`, { body }),
    /** `at`: which of the bytes of all files the part begins with. The answer says which is to come next. */
    send: (id: string, at: number, part: Blob) =>
      call<ImportPart>("PUT", `${base}/${id}/bytes`, {
        query: { at },
        body: new Blob([part], { type: "application/octet-stream" }),
      }),
    preview: (id: string) => call<InstanceImport>("POST", `${base}/${id}/preview`),
    start: (id: string, body: ImportStartBody) => call<InstanceImport>("POST", `${base}/${id}/start`, { body }),
    /** Gives what an author of Discord wrote to an account here. */
    claimAuthor: (body: ImportAuthorBody) => call<ImportClaim>("POST", `${base}/authors`, { body }),
    /** Who says to be an imported author. The event `author_claims_changed` says that it is another list than before. */
    authorClaims: (after?: number) => call<PendingAuthorClaims>("GET", `${base}/author-claims`, { query: { after } }),
    decideClaim: (id: number, body: AuthorClaimDecision) =>
      call<ImportClaim>("PUT", `${base}/author-claims/${id}`, { body }),
    cancel: (id: string) => call<InstanceImport>("DELETE", `${base}/${id}`),
  };
}

/** Calls of people who say which imported authors they are. */
export function authorClaimCalls({ call }: Pick<Rest, "call">) {
  const base = "/api/me/author-claims";
  return {
    /** The event `author_claims_changed` says that they are others than before. */
    list: async () => (await call<AuthorClaims>("GET", base)).claims,
    /** The author of the message, which the user sees. */
    ask: (messageId: number) => call<AuthorClaim>("POST", base, { body: { message_id: messageId } }),
    withdraw: (id: number) => call<void>("DELETE", `${base}/${id}`),
  };
}
