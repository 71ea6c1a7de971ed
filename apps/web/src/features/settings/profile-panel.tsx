import { limits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { Avatar } from "../../ui/avatar.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { PictureField } from "../pictures/picture-field.tsx";
import { AvatarColorPicker } from "./avatar-color-picker.tsx";
import { PanelSection } from "../../layout/panel-section.tsx";
import { SaveForm } from "../../layout/save-form.tsx";

export function ProfilePanel() {
  const { t } = useTranslation("settings");
  const client = useClient();
  const me = useMe();
  const [name, setName] = useState(me.display_name);
  const [color, setColor] = useState(me.avatar_color);
  const preview = { ...me, display_name: name.trim() || me.username, avatar_color: color };
  const isChanged = (name.trim() !== me.display_name && name.trim() !== "") || color !== me.avatar_color;

  async function save(): Promise<void> {
    await client.rest.updateProfile({ display_name: name.trim() || me.display_name, avatar_color: color });
    await client.reloadMe();
  }

  return (
    <SaveForm onSave={save} canSave={isChanged}>
      <PanelSection title={t("tab.profile")} hint={t("profile.hint")}>
        <div className="mb-5 rounded-lg bg-sunken p-4">
          <PictureField owner={{ kind: "me" }} url={me.avatar_url}>
            <Avatar user={preview} size={72} />
            <div className="min-w-0 flex-1 basis-32">
              <p dir="auto" className="truncate text-lg font-semibold">
                {preview.display_name}
              </p>
              <p className="truncate text-sm text-muted">@{me.username}</p>
            </div>
          </PictureField>
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
    </SaveForm>
  );
}
