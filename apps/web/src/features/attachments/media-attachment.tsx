import type { Attachment } from "@miscord/protocol";
import { Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";

export function mediaKind({ content_type }: Attachment): "audio" | "video" | null {
  if (/^audio\/(?:mpeg|mp4|ogg|wav|x-wav|webm|aac|flac|x-flac|opus|x-m4a)$/.test(content_type)) return "audio";
  return /^video\/(?:mp4|webm|ogg|quicktime)$/.test(content_type) ? "video" : null;
}

/** The players have no captions, since uploaded files come without any. */
export function MediaAttachment({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation("chat");
  const { filename, file_url } = attachment;
  if (mediaKind(attachment) === "video") {
    return (
      // oxlint-disable-next-line jsx-a11y/media-has-caption -- uploaded files have no captions
      <video
        controls
        preload="metadata"
        src={file_url}
        aria-label={t("attachment.video", { name: filename })}
        className="h-75 max-w-full rounded-md bg-field"
      />
    );
  }
  return (
    <div className="w-90 max-w-full rounded-md border border-line bg-raised p-3">
      <MediaName attachment={attachment} />
      {/* oxlint-disable-next-line jsx-a11y/media-has-caption -- uploaded files have no captions */}
      <audio
        controls
        preload="none"
        src={file_url}
        aria-label={t("attachment.audio", { name: filename })}
        className="mt-2 h-9 w-full"
      />
    </div>
  );
}

function MediaName({ attachment: { filename, file_url, size } }: { attachment: Attachment }) {
  const { t } = useTranslation("chat");
  const format = useFormat();
  return (
    <a href={file_url} download={filename} className="flex items-center gap-2 text-sm">
      <span className="min-w-0 flex-1 truncate font-medium text-link">
        <VisuallyHidden>{t("attachment.download")} </VisuallyHidden>
        {filename}
      </span>
      <span className="shrink-0 text-xs text-faint">{format.fileSize(size)}</span>
      <Download size={16} aria-hidden className="shrink-0 text-muted" />
    </a>
  );
}
