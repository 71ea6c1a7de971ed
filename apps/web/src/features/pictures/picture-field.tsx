import type { PictureOwner } from "@miscord/client";
import { ImagePlus } from "lucide-react";
import { useId, useRef, useState, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/button.tsx";
import { CropDialog } from "./crop-dialog.tsx";
import { isAnimated } from "./is-animated.ts";
import { usePictureChange } from "./use-picture-change.ts";

interface PictureFieldProps {
  owner: PictureOwner;
  /** Null: there is none yet. */
  url: string | null;
  /** Called when it is another one. */
  onChanged?: () => void;
  /** Beside what shows the picture. */
  children?: ReactNode;
}

const shapes = { me: "circle", group: "circle", server: "square", banner: "banner", webhook: "circle" } as const;

/** Uploads the picture of a person, a server, a group or a webhook, or the banner of a profile, or removes it. Both are done at once, without the form around. */
export function PictureField({ owner, url, onChanged, children }: PictureFieldProps) {
  const { t } = useTranslation("pictures");
  const hint = useId();
  const [cropped, setCropped] = useState<ImageBitmap | null>(null);
  const { busy, upload, remove } = usePictureChange(owner, onChanged);
  const isBanner = owner.kind === "banner";
  const label = (what: "upload" | "change" | "remove" | "file") => t(isBanner ? `banner.${what}` : what);

  async function choose(file: File): Promise<void> {
    // What the browser cannot show, the server may be able to read.
    const picture = (await isAnimated(file)) ? null : await createImageBitmap(file).catch(() => null);
    if (picture) setCropped(picture);
    else await upload(file);
  }
  async function finish(cut: Blob | null): Promise<void> {
    if (await upload(cut)) setCropped(null);
  }

  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
      {children}
      <div className="flex flex-wrap gap-2">
        <FileButton
          label={label(url ? "change" : "upload")}
          fileLabel={label("file")}
          hint={hint}
          busy={busy && !cropped}
          onChoose={(file) => void choose(file)}
        />
        {url && (
          <Button size="sm" variant="ghost" busy={busy} onClick={() => void remove()}>
            {label("remove")}
          </Button>
        )}
      </div>
      <p id={hint} className="w-full text-sm text-faint">
        {t("formats")}
      </p>
      {cropped && (
        <CropDialog
          picture={cropped}
          shape={shapes[owner.kind]}
          busy={busy}
          onDone={(cut) => void finish(cut)}
          onClose={() => setCropped(null)}
        />
      )}
    </div>
  );
}

interface FileButtonProps {
  label: string;
  fileLabel: string;
  /** Id of the text that describes it. */
  hint: string;
  busy: boolean;
  onChoose: (file: File) => void;
}

function FileButton({ label, fileLabel, hint, busy, onChoose }: FileButtonProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button
        size="sm"
        busy={busy}
        icon={<ImagePlus size={16} aria-hidden />}
        aria-describedby={hint}
        onClick={() => input.current?.click()}
      >
        {label}
      </Button>
      <input
        ref={input}
        hidden
        type="file"
        accept="image/*"
        aria-label={fileLabel}
        onChange={({ target }) => {
          const file = target.files?.[0];
          if (file) onChoose(file);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
    </>
  );
}
