import "i18next";
import type automod from "./en/automod.ts";
import type en from "./en/index.ts";
import type monitor from "./en/monitor.ts";

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common";
    resources: typeof en & { automod: typeof automod; monitor: typeof monitor };
  }
}
