import { onboardingCalls } from "@miscord/client";
import { limits } from "@miscord/protocol";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { PanelSection } from "../../../layout/panel-section.tsx";
import { SaveForm } from "../../../layout/save-form.tsx";
import { AlertBanner } from "../../../ui/alert-banner.tsx";
import { Field } from "../../../ui/field.tsx";
import { Switch } from "../../../ui/switch.tsx";
import { TextArea } from "../../../ui/text-area.tsx";

/** Whether everybody on the instance finds the server, and what they read of it. */
export function ListingPanel({ serverId }: { serverId: number }) {
  const { t } = useTranslation("discovery");
  const { rest } = useClient();
  const server = useClientState((state) => state.servers[serverId]);
  const [description, setDescription] = useState(server?.description ?? "");
  const [isPublic, setPublic] = useState(server?.is_public ?? false);
  if (!server) return null;
  const wanted = description.trim();
  const isChanged = isPublic !== server.is_public || wanted !== server.description;
  const isBarred = server.is_unlisted && isPublic && !server.is_public;
  return (
    <PanelSection title={t("tab")} hint={t("listing.hint")}>
      {server.is_unlisted && <AlertBanner className="mb-4">{t("listing.unlisted")}</AlertBanner>}
      <SaveForm
        canSave={isChanged && !isBarred}
        onSave={() => onboardingCalls(rest).setListing(serverId, { is_public: isPublic, description: wanted })}
      >
        <div className="mb-4 flex flex-col gap-4">
          <Switch
            label={t("listing.public")}
            hint={t("listing.publicHint")}
            checked={isPublic}
            disabled={server.is_unlisted && !server.is_public}
            onChange={setPublic}
          />
          <Field label={t("listing.description")} hint={t("listing.descriptionHint")}>
            <TextArea
              rows={3}
              value={description}
              maxLength={limits.descriptionLength}
              // One line.
              onChange={(event) => setDescription(event.target.value.replaceAll("\n", " "))}
            />
          </Field>
        </div>
      </SaveForm>
    </PanelSection>
  );
}
