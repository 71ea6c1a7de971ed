import type { Attachment } from "@miscord/protocol";
import { Download, FileArchive, FileAudio, FileCode, File as FileIcon, FileText, FileVideo } from "lucide-react";
import { createElement } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "../../i18n/format.ts";
import { VisuallyHidden } from "../../ui/visually-hidden.tsx";

const icons = [
  [/^audio\//, FileAudio],
  [/^video\//, FileVideo],
  [/zip|compressed|x-tar|gzip|x-7z|rar/, FileArchive],
  [/json|xml|javascript|html|css|x-sh/, FileCode],
  [/^text\/|pdf|document|msword|rtf/, FileText],
] as const;

const iconProps = { strokeWidth: 1.5, "aria-hidden": true, className: "shrink-0 text-muted" } as const;

/** Hidden from screen readers, since the file's name is shown beside it. */
export function FileKindIcon({ contentType, size }: { contentType: string; size: number }) {
  return createElement(icons.find(([pattern]) => pattern.test(contentType))?.[1] ?? FileIcon, { ...iconProps, size });
}

/** A file to download. `note` explains why it is not shown in the page. */
export function FileCard({ attachment, note }: { attachment: Attachment; note?: string }) {
  const { t } = useTranslation("chat");
  const format = useFormat();
  return (
    <a
      href={attachment.file_url}
      download={attachment.filename}
      className="group/file flex w-90 max-w-full items-center gap-3 rounded-md border border-line bg-raised px-3 py-2.5 hover:border-line-strong"
    >
      <FileKindIcon contentType={attachment.content_type} size={28} />
      <span className="min-w-0 flex-1">
        <span className="block truncate text-sm font-medium text-link group-hover/file:underline">
          <VisuallyHidden>{t("attachment.download")} </VisuallyHidden>
          {attachment.filename}
        </span>
        <span className="block text-xs text-faint">{note ?? format.fileSize(attachment.size)}</span>
      </span>
      <Download size={18} aria-hidden className="shrink-0 text-muted group-hover/file:text-ink" />
    </a>
  );
}
