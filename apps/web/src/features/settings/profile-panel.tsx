import { limits } from "@miscord/protocol";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { useToast } from "../../ui/toast.tsx";
import { AvatarColorPicker } from "./avatar-color-picker.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";

export function ProfilePanel() {
  const { t } = useTranslation(["settings", "common"]);
  const client = useClient();
  const me = useMe();
  const toast = useToast();
  const { busy, run } = useAction();
  const [name, setName] = useState(me.display_name);
  const [color, setColor] = useState(me.avatar_color);
  const preview = { ...me, display_name: name.trim() || me.username, avatar_color: color };
  const isChanged = (name.trim() !== me.display_name && name.trim() !== "") || color !== me.avatar_color;

  async function save(event: FormEvent) {
    event.preventDefault();
    const saved = await run(async () => {
      await client.rest.updateProfile({ display_name: name.trim() || me.display_name, avatar_color: color });
      await client.reloadMe();
    });
    if (saved) toast({ title: t("common:saved"), tone: "success" });
  }

  return (
    <form onSubmit={(event) => void save(event)}>
      <PanelSection title={t("tab.profile")} hint={t("profile.hint")}>
        <div className="mb-5 flex items-center gap-4 rounded-lg bg-sunken p-4">
          <Avatar user={preview} size={72} />
          <div className="min-w-0">
            <p dir="auto" className="truncate text-lg font-semibold">
              {preview.display_name}
            </p>
            <p className="truncate text-sm text-muted">@{me.username}</p>
          </div>
        </div>
        <div className="flex flex-col gap-5">
          <Field label={t("profile.displayName")}>
            <Input
              required
              autoComplete="nickname"
              maxLength={limits.displayNameLength}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </Field>
          <AvatarColorPicker value={color} onChange={setColor} />
        </div>
      </PanelSection>
      <Button type="submit" variant="primary" busy={busy} disabled={!isChanged}>
        {t("common:save")}
      </Button>
    </form>
  );
}
