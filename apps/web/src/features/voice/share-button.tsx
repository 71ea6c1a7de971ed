import { ScreenShare, ScreenShareOff } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { Field } from "../../ui/field.tsx";
import { IconButton } from "../../ui/icon-button.tsx";
import { Popover } from "../../ui/popover.tsx";
import { Select } from "../../ui/select.tsx";
import { useToast } from "../../ui/toast.tsx";
import { rememberedChoice, shareHeights, shareRates, type ShareChoice } from "./share-choice.ts";
import { shareScreen, stopSharing } from "./share-screen.ts";
import { sharedSoundHere } from "./shared-sound.ts";
import { useCall } from "./use-call.ts";

export function ShareButton() {
  const { t } = useTranslation("voice");
  const isSharing = useCall((state) => state.screen !== null);
  const isSuppressed = useCall(({ restraint }) => restraint.is_suppressed || restraint.is_video_suppressed);
  const [open, setOpen] = useState(false);
  // Browsers on phones cannot share the screen.
  if (typeof navigator.mediaDevices?.getDisplayMedia !== "function") return null;
  if (isSharing) {
    return (
      <IconButton
        pressed
        label={t("share.stop")}
        icon={<ScreenShareOff size={18} />}
        onClick={() => void stopSharing()}
      />
    );
  }
  return (
    <Popover
      open={open}
      onOpenChange={setOpen}
      label={t("share.title")}
      side="top"
      className="w-64"
      trigger={<IconButton label={t("share.open")} disabled={isSuppressed} icon={<ScreenShare size={18} />} />}
    >
      <ShareForm onDone={() => setOpen(false)} />
    </Popover>
  );
}

function ShareForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("voice");
  const toast = useToast();
  const [choice, setChoice] = useState<ShareChoice>(rememberedChoice);
  async function start() {
    const problem = await shareScreen(choice).catch(() => "failed" as const);
    if (problem === null) return onDone();
    if (problem !== "cancelled") {
      toast({ title: t("share.failed"), description: t(`share.problem.${problem}`), tone: "danger" });
    }
  }
  const heightOf = (value: string) => shareHeights.find((height) => String(height) === value) ?? 1080;
  const rateOf = (value: string) => shareRates.find((rate) => String(rate) === value) ?? 15;
  const sound = sharedSoundHere();
  return (
    <div className="flex flex-col gap-3 p-3.5">
      <Field label={t("share.quality")}>
        <Select
          value={String(choice.height)}
          onChange={(value) => setChoice({ ...choice, height: heightOf(value) })}
          options={shareHeights.map((height) => ({ value: String(height), label: t("share.height", { height }) }))}
        />
      </Field>
      <Field label={t("share.rate")}>
        <Select
          value={String(choice.frameRate)}
          onChange={(value) => setChoice({ ...choice, frameRate: rateOf(value) })}
          options={shareRates.map((rate) => ({ value: String(rate), label: String(rate) }))}
        />
      </Field>
      {sound !== "all" && <p className="text-xs text-muted">{t(`share.sound.${sound}`)}</p>}
      <Button variant="primary" onClick={() => void start()}>
        {t("share.start")}
      </Button>
    </div>
  );
}
