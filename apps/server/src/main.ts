import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Halves the time to start: types are stripped and modules compiled once. Where it cannot write it does nothing.
enableCompileCache(join(import.meta.dirname, "../../../.cache/compiled"));
const { serve } = await import("./serve.ts");
await serve();
