import { RotateCw, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useClient } from "../../core/client.ts";
import { voiceText } from "../../core/voice-text.ts";
import { useFormat } from "../../i18n/format.ts";
import { cx } from "../../ui/cx.ts";
import { IconButton } from "../../ui/icon-button.tsx";
import { ProgressBar } from "../../ui/progress-bar.tsx";
import { FileKindIcon } from "../attachments/file-card.tsx";
import type { Upload } from "./upload.ts";
import { removeUpload, retryUpload } from "./change-uploads.ts";
import { uploadLimits } from "./uploads.ts";

interface UploadTrayProps {
  channelId: number;
  uploads: readonly Upload[];
  /** Whether another bar, such as the reply bar, is above the tray. */
  isJoined: boolean;
}

/** The draft's files, above the field. */
export function UploadTray({ channelId, uploads, isJoined }: UploadTrayProps) {
  const { t } = useTranslation("chat");
  const hasMedia = uploads.some(({ contentType, voice }) => !voice && /^(?:audio|video)\//.test(contentType));
  return (
    <div className={cx("border border-b-0 border-line-strong bg-raised p-2", !isJoined && "rounded-t-lg")}>
      <ul aria-label={t("upload.list")} className="flex max-h-[max(3.5rem,18dvh)] flex-wrap gap-2 overflow-y-auto">
        {uploads.map((upload) => (
          <UploadCard key={upload.id} channelId={channelId} upload={upload} />
        ))}
      </ul>
      {hasMedia && <p className="pt-1.5 text-xs text-muted">{t("upload.mediaUnchanged")}</p>}
    </div>
  );
}

function UploadCard({ channelId, upload }: { channelId: number; upload: Upload }) {
  const { t } = useTranslation("chat");
  const client = useClient();
  const { file, status, progress, problem } = upload;
  const name = voiceText(upload.voice?.duration_ms) || upload.name;
  const canRetry = status === "failed" && file !== null && problem !== "tooLarge" && problem !== "empty";
  return (
    <li className="flex w-full items-center gap-2.5 rounded-md bg-surface py-1.5 pr-1 pl-2 sm:w-64">
      <Preview upload={upload} />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium" title={name}>
          {name}
        </p>
        {status === "uploading" ? (
          <div className="py-1.5">
            <ProgressBar fraction={progress} label={t("upload.progress", { name })} />
          </div>
        ) : (
          <UploadState upload={upload} />
        )}
      </div>
      {canRetry && (
        <IconButton
          size="sm"
          label={t("upload.retry", { name })}
          icon={<RotateCw size={15} />}
          onClick={() => retryUpload(client, channelId, upload)}
        />
      )}
      <IconButton
        size="sm"
        label={t(status === "uploading" ? "upload.cancel" : "upload.remove", { name })}
        icon={<X size={16} />}
        onClick={() => removeUpload(client, channelId, upload)}
      />
    </li>
  );
}

function UploadState({ upload: { size, status, problem } }: { upload: Upload }) {
  const { t } = useTranslation(["chat", "common"]);
  const client = useClient();
  const format = useFormat();
  if (status === "done" || problem === null) return <p className="text-xs text-faint">{format.fileSize(size)}</p>;
  const words =
    problem === "tooLarge"
      ? t("upload.tooLarge", { limit: format.fileSize(uploadLimits(client).bytes) })
      : problem === "empty" || problem === "expired"
        ? t(`upload.${problem}`)
        : t(`common:error.${problem}`);
  return (
    <p role="alert" className="truncate text-xs text-danger-ink" title={words}>
      {words}
    </p>
  );
}

/** Pictures that the browser cannot decode are shown as a file icon. */
function Preview({ upload: { contentType, previewUrl } }: { upload: Upload }) {
  const [isBroken, setBroken] = useState(false);
  return (
    <span className="flex size-10 shrink-0 items-center justify-center overflow-hidden rounded-sm bg-active">
      {previewUrl !== null && !isBroken ? (
        <img src={previewUrl} alt="" onError={() => setBroken(true)} className="size-full object-cover" />
      ) : (
        <FileKindIcon contentType={contentType} size={22} />
      )}
    </span>
  );
}
