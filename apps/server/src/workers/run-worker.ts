import { enableCompileCache } from "node:module";
import { join } from "node:path";

// Whatever this process writes is readable by its own user only.
process.umask(0o077);
enableCompileCache(join(import.meta.dirname, "../../../../.cache/compiled"));
const { startWorker } = await import("./start-worker.ts");
startWorker();
