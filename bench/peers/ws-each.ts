import { startWsServer } from "./ws-server.ts";

/** Plain `ws`, one JSON.stringify per client. */
startWsServer((clients, event) => {
  for (const client of clients) client.send(JSON.stringify(event));
});
