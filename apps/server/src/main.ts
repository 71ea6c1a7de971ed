import { cacheCompiledModules } from "./compile-cache.ts";

cacheCompiledModules();
const { serve } = await import("./serve.ts");
await serve();
