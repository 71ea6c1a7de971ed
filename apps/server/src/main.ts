import { cacheCompiledModules } from "./compile-cache.ts";
import { keepYoungGenerationSmall } from "./young-generation.ts";

cacheCompiledModules();
const letYoungGenerationGrow = keepYoungGenerationSmall();
const { serve } = await import("./serve.ts");
await serve();
letYoungGenerationGrow();
