import { limits, type OwnProfile, profileLimits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useMe } from "../../core/client.ts";
import { PanelSection } from "../../layout/panel-section.tsx";
import { SaveForm } from "../../layout/save-form.tsx";
import { Field } from "../../ui/field.tsx";
import { Input } from "../../ui/input.tsx";
import { Switch } from "../../ui/switch.tsx";
import { TextArea } from "../../ui/text-area.tsx";
import { PictureField } from "../pictures/picture-field.tsx";
import { ProfileFace } from "../profile/profile-face.tsx";
import { AvatarColorPicker } from "./avatar-color-picker.tsx";

export function ProfilePanel() {
  const { t } = useTranslation(["settings", "profile"]);
  const client = useClient();
  const me = useMe();
  const [draft, setDraft] = useState(() => draftOf(me));
  const set = (change: Partial<typeof draft>) => setDraft((before) => ({ ...before, ...change }));
  const name = draft.display_name.trim();
  const wanted = {
    ...draft,
    display_name: name || me.display_name,
    pronouns: draft.pronouns.trim(),
    about: draft.about.trim(),
  };
  const isChanged = JSON.stringify(wanted) !== JSON.stringify(draftOf(me));

  async function save(): Promise<void> {
    await client.rest.updateProfile(wanted);
    await client.reloadMe();
  }

  return (
    <SaveForm onSave={save} canSave={isChanged && name !== "" && !hasTooManyLines(wanted.about)}>
      <PanelSection title={t("tab.profile")} hint={t("profile.hint")}>
        <div className="mb-5 flex flex-wrap items-start gap-5 rounded-lg bg-sunken p-4">
          <section
            aria-label={t("profile:own.preview")}
            className="w-72 max-w-full rounded-lg bg-overlay p-1.5 shadow-overlay"
          >
            <ProfileFace
              isWide
              user={{ ...me, ...wanted, display_name: name || me.username }}
              custom={me.custom_status}
              profile={{ ...wanted, banner_url: me.banner_url }}
            />
          </section>
          <div className="flex min-w-0 flex-1 basis-48 flex-col gap-4">
            <PictureField owner={{ kind: "me" }} url={me.avatar_url} />
            <PictureField owner={{ kind: "banner" }} url={me.banner_url} />
          </div>
        </div>
        <Fields draft={draft} onChange={set} />
      </PanelSection>
    </SaveForm>
  );
}

const hasTooManyLines = (about: string) => about.trim().split("\n").length > profileLimits.aboutLines;

type Draft = Omit<OwnProfile, "banner_url"> & { display_name: string; avatar_color: string };

function draftOf({ display_name, avatar_color, about, pronouns, banner_color }: Draft): Draft {
  return { display_name, avatar_color, about, pronouns, banner_color };
}

function Fields({ draft, onChange }: { draft: Draft; onChange: (change: Partial<Draft>) => void }) {
  const { t } = useTranslation(["settings", "profile"]);
  return (
    <div className="flex flex-col gap-5">
      <Field label={t("profile.displayName")}>
        <Input
          required
          autoComplete="nickname"
          maxLength={limits.displayNameLength}
          value={draft.display_name}
          onChange={(event) => onChange({ display_name: event.target.value })}
        />
      </Field>
      <Field label={t("profile:own.pronouns")} hint={t("profile:own.pronounsHint")}>
        <Input
          maxLength={profileLimits.pronounsLength}
          value={draft.pronouns}
          onChange={(event) => onChange({ pronouns: event.target.value })}
        />
      </Field>
      <Field
        label={t("profile:own.about")}
        hint={t("profile:own.aboutHint", { count: profileLimits.aboutLength })}
        error={hasTooManyLines(draft.about) && t("profile:own.tooManyLines", { count: profileLimits.aboutLines })}
      >
        <TextArea
          maxLength={profileLimits.aboutLength}
          value={draft.about}
          onChange={(event) => onChange({ about: event.target.value })}
        />
      </Field>
      <AvatarColorPicker value={draft.avatar_color} onChange={(color) => onChange({ avatar_color: color })} />
      <BannerColor
        value={draft.banner_color}
        avatarColor={draft.avatar_color}
        onChange={(color) => onChange({ banner_color: color })}
      />
    </div>
  );
}

interface BannerColorProps {
  /** Null: that of the avatar. */
  value: string | null;
  avatarColor: string;
  onChange: (color: string | null) => void;
}

function BannerColor({ value, avatarColor, onChange }: BannerColorProps) {
  const { t } = useTranslation("profile");
  return (
    <div className="flex flex-col gap-2">
      <p className="text-sm font-medium">{t("own.bannerColor")}</p>
      <Switch
        label={t("own.sameColor")}
        checked={value === null}
        onChange={(isSame) => onChange(isSame ? null : avatarColor)}
      />
      {value !== null && (
        <input
          type="color"
          aria-label={t("own.bannerColor")}
          value={value}
          onChange={(event) => onChange(event.target.value.toLowerCase())}
          className="h-9 w-24 cursor-pointer rounded-md border border-line-strong bg-field p-1"
        />
      )}
    </div>
  );
}
