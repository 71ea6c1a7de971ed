import { startWsServer } from "./ws-server.ts";

/** Peer on plain `ws`: one JSON.stringify for each client. */
startWsServer((clients, event) => {
  for (const client of clients) client.send(JSON.stringify(event));
});
