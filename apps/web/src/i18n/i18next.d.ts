import "i18next";
import type monitor from "./en/monitor.ts";
import type screens from "./en/screens/index.ts";
import type start from "./en/start/index.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof start & typeof screens & { monitor: typeof monitor };
  }
}
