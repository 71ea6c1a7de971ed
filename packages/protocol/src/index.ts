/** Types, codes and limits of the protocol, without the zod schemas. Safe for a browser bundle. */
export * from "./audit-actions.ts";
export * from "./codes.ts";
export * from "./limits.ts";
export * from "./notification-levels.ts";
export * from "./preview.ts";
export * from "./subprotocol.ts";
export type * from "./model.ts";
export type * from "./main-commands.ts";
export type * from "./main-events.ts";
export type * from "./voice-commands.ts";
export type * from "./voice-events.ts";
export type * from "./legacy-chat.ts";
export type * from "./legacy-notifications.ts";
export type * from "./legacy-voice.ts";
export type * from "./http.ts";
export type * from "./audit.ts";
export type * from "./incidents.ts";
export type * from "./monitor.ts";
