/** The zod schemas. Imported where trust ends (server) and by tests; browsers take only types from `.`. */
export * from "./model.ts";
export * from "./main-commands.ts";
export * from "./main-events.ts";
export * from "./voice-commands.ts";
export * from "./voice-events.ts";
export * from "./legacy-chat.ts";
export * from "./legacy-notifications.ts";
export * from "./legacy-voice.ts";
export * from "./http.ts";
export * from "./monitor.ts";
