import { administer } from "./admin/administer.ts";

process.exitCode = await administer(process.argv.slice(2));
