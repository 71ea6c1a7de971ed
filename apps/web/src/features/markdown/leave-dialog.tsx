import { Copy, ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCopy } from "../../core/use-copy.ts";
import { Button } from "../../ui/button.tsx";
import { Dialog } from "../../ui/dialog.tsx";

/** Shows where a link leads before it is opened: its words say something else. The host stands out of the address. */
export function LeaveDialog({ href, onClose }: { href: string; onClose: () => void }) {
  const { t } = useTranslation(["tools", "common"]);
  const copy = useCopy();
  const { host, protocol } = new URL(href);
  const at = host === "" ? 0 : href.indexOf(host, protocol.length);
  function open(): void {
    window.open(href, "_blank", "noopener,noreferrer");
    onClose();
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("leave.title")}
      description={t("leave.description")}
      footer={
        <>
          <Button variant="ghost" onClick={onClose}>
            {t("common:cancel")}
          </Button>
          <Button icon={<Copy size={16} aria-hidden />} onClick={() => void copy(href)}>
            {t("leave.copy")}
          </Button>
          <Button variant="primary" icon={<ExternalLink size={16} aria-hidden />} onClick={open}>
            {t("leave.submit")}
          </Button>
        </>
      }
    >
      <p dir="ltr" className="rounded-md bg-sunken px-3 py-2 font-mono text-sm wrap-anywhere">
        <span className="text-muted">{href.slice(0, at)}</span>
        <strong>{href.slice(at, at + host.length)}</strong>
        <span className="text-muted">{href.slice(at + host.length)}</span>
      </p>
    </Dialog>
  );
}
