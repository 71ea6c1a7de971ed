/** The access policy: who may do what. Pure functions that the server enforces and the web client reads. */
export * from "./permissions.ts";
export * from "./checks.ts";
