/** The zod schemas. Imported where trust ends (server) and by tests; browsers take only types from `.`. */
export * from "./model.ts";
export * from "./main-commands.ts";
export * from "./main-events.ts";
export * from "./voice-commands.ts";
export * from "./voice-events.ts";
export * from "./http.ts";
