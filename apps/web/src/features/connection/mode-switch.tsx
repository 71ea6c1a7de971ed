import type { Mode } from "@miscord/client";
import { RadioGroup } from "radix-ui";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../core/client.ts";
import { rememberMode } from "../../core/mode.ts";

const modes = ["enhanced", "legacy"] as const satisfies readonly Mode[];

/** Chooses the WebSocket endpoint of this browser, enhanced or legacy. The session goes on over the new connection. */
export function ModeSwitch() {
  const { t } = useTranslation("connection");
  const client = useClient();
  const mode = useClientState((state) => state.connection.mode);
  const choose = (chosen: Mode) => {
    rememberMode(chosen);
    client.setMode(chosen);
  };
  return (
    <div>
      <RadioGroup.Root
        aria-label={t("mode.title")}
        value={mode}
        onValueChange={(chosen) => choose(chosen as Mode)}
        className="grid grid-cols-2 gap-1 rounded-md bg-sunken p-1"
      >
        {modes.map((one) => (
          <RadioGroup.Item
            key={one}
            value={one}
            className="min-h-8 pointer-coarse:min-h-11 rounded-sm px-2 text-sm font-medium text-muted transition-colors hover:text-ink data-[state=checked]:bg-active data-[state=checked]:text-ink"
          >
            {t(`mode.${one}`)}
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      <p className="mt-1.5 text-xs text-faint">{t(`modeHint.${mode}`)}</p>
    </div>
  );
}
