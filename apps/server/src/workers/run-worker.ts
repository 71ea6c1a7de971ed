import { startWorker } from "./start-worker.ts";

// Whatever this process writes is readable by its own user only.
process.umask(0o077);
startWorker();
