/** The access policy: who may do what. Pure functions that the server enforces and the clients read. */
export * from "./bits.ts";
export * from "./permissions.ts";
export * from "./resolve.ts";
export * from "./explain.ts";
export * from "./checks.ts";
export * from "./private.ts";
export * from "./forums.ts";
export * from "./threads.ts";
export * from "./verification.ts";
