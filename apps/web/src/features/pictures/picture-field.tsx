import { ImagePlus } from "lucide-react";
import { ApiError, pictureCalls, type PictureOwner } from "@miscord/client";
import { useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { useAction } from "../../core/use-action.ts";
import { Button } from "../../ui/button.tsx";
import { useToast } from "../../ui/toast.tsx";
import { CropDialog } from "./crop-dialog.tsx";
import { isAnimated } from "./is-animated.ts";

interface PictureFieldProps {
  owner: PictureOwner;
  /** Null: there is none yet. */
  url: string | null;
  /** Beside what shows the picture. */
  children: ReactNode;
}

/** Codes of refusals that are about the file. */
const unreadable: ReadonlySet<string> = new Set(["invalid_request", "unsupported_media", "too_large"]);

/** Uploads the picture of a person, a server or a group, or removes it. Both are done at once, without the form around. */
export function PictureField({ owner, url, children }: PictureFieldProps) {
  const { t } = useTranslation(["pictures", "common"]);
  const client = useClient();
  const toast = useToast();
  const input = useRef<HTMLInputElement>(null);
  const hint = useId();
  const [cropped, setCropped] = useState<ImageBitmap | null>(null);
  const { busy, run } = useAction();
  const calls = pictureCalls(client.rest);

  const refuse = () => toast({ title: t("unreadable"), tone: "danger", description: t("formats") });

  async function change(work: () => Promise<unknown>): Promise<void> {
    await run(async () => {
      try {
        await work();
      } catch (error) {
        if (error instanceof ApiError && unreadable.has(error.code)) return void refuse();
        throw error;
      }
      if (owner.kind === "me") await client.reloadMe();
      setCropped(null);
      toast({ title: t("common:saved"), tone: "success" });
    });
  }
  const upload = (picture: Blob) => change(() => calls.set(owner, picture));

  async function choose(file: File | undefined): Promise<void> {
    if (!file) return;
    // What the browser cannot show, the server may be able to read.
    const picture = (await isAnimated(file)) ? null : await createImageBitmap(file).catch(() => null);
    if (picture) setCropped(picture);
    else await upload(file);
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      {children}
      <div className="flex flex-wrap gap-2">
        <Button
          size="sm"
          busy={busy && !cropped}
          icon={<ImagePlus size={16} aria-hidden />}
          aria-describedby={hint}
          onClick={() => input.current?.click()}
        >
          {t(url ? "change" : "upload")}
        </Button>
        {url && (
          <Button size="sm" variant="ghost" busy={busy} onClick={() => void change(() => calls.remove(owner))}>
            {t("remove")}
          </Button>
        )}
      </div>
      <p id={hint} className="w-full text-sm text-faint">
        {t("formats")}
      </p>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        aria-label={t("file")}
        onChange={({ target }) => {
          void choose(target.files?.[0]);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
      {cropped && (
        <CropDialog
          picture={cropped}
          isRound={owner.kind !== "server"}
          busy={busy}
          onDone={(cut) => void (cut ? upload(cut) : refuse())}
          onClose={() => setCropped(null)}
        />
      )}
    </div>
  );
}
