/**
 * WebSocket clients authenticate with the subprotocols `miscord, bearer.<token>`, which keeps the token out of URLs
 * and so of logs.
 */
export const subprotocol = "miscord";
export const bearerPrefix = "bearer.";
