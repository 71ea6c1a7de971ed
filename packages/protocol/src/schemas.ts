/** The zod schemas, for code that validates input: the server and tests. Browsers import only `.`, without zod. */
export * from "./model.ts";
export * from "./server-state.ts";
export * from "./private.ts";
export * from "./main-commands.ts";
export * from "./main-events.ts";
export * from "./voice-commands.ts";
export * from "./voice-events.ts";
export * from "./legacy-chat.ts";
export * from "./legacy-notifications.ts";
export * from "./legacy-voice.ts";
export * from "./http.ts";
export * from "./audit.ts";
export * from "./automod.ts";
export * from "./incidents.ts";
export * from "./monitor.ts";
export * from "./reports.ts";
export * from "./personal-data.ts";
