import { cacheCompiledModules } from "../compile-cache.ts";

// Without the primary nothing can be written, and the next one starts workers of its own. Set before the modules are
// loaded, which takes a second.
process.on("disconnect", () => process.exit(1));
if (!process.connected) process.exit(1);
// Whatever this process writes is readable by its own user only.
process.umask(0o077);
cacheCompiledModules();
const { startWorker } = await import("./start-worker.ts");
startWorker();
