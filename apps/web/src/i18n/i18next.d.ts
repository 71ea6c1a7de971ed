import "i18next";
import type en from "./en/index.ts";
import type monitor from "./en/monitor.ts";
import type threads from "./en/threads.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en & { monitor: typeof monitor; threads: typeof threads };
  }
}
