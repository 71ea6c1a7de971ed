import { startWsServer } from "./ws-server.ts";

/** Peer on plain `ws`: one JSON string for all clients. */
startWsServer((clients, event) => {
  const text = JSON.stringify(event);
  for (const client of clients) client.send(text);
});
