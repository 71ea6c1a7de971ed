// Starts this server as the version before it was: without SEND_POLLS in what the base role of a new server gives.
import { registerHooks } from "node:module";

const path = "/rights/src/permissions.ts";
const line = '  "sendPolls",\n';

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.endsWith(path)) return loaded;
    const source = Buffer.from(loaded.source as Uint8Array).toString();
    if (!source.includes(line)) throw new Error(`${path} has no ${line}`);
    return { ...loaded, source: source.replace(line, "") };
  },
});

const { serve } = await import("../serve.ts");
await serve();
