import { Copy, ShieldCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { CallEncryptionState } from "@miscord/client";
import { useMe } from "../../../core/client.ts";
import { usePersonIn } from "../../../core/people.ts";
import { useCopy } from "../../../core/use-copy.ts";
import { Button } from "../../../ui/button.tsx";
import { IconButton } from "../../../ui/icon-button.tsx";
import { useCall } from "../use-call.ts";
import { useVerifiedDevices } from "./use-verified-devices.ts";

const nobody: CallEncryptionState["members"] = [];

/** The code of the call, and who can decrypt it. */
export function EncryptionDetails({ channelId }: { channelId: number }) {
  const { t } = useTranslation("voice");
  const me = useMe();
  const isOn = useCall((state) => state.encryption?.isOn === true);
  const code = useCall((state) => state.encryption?.code ?? null);
  const members = useCall((state) => state.encryption?.members ?? nobody);
  const others = members.filter(({ userId }) => userId !== me.id);
  const { isVerified, verify } = useVerifiedDevices(others);
  return (
    <div className="max-h-[min(30rem,70dvh)] overflow-y-auto p-3.5">
      <h2 className="font-semibold">{t(isOn ? "encryption.on" : "encryption.pending")}</h2>
      <p role="status" className="mt-1 text-sm text-muted">
        {t(isOn ? "encryption.onHint" : "encryption.pendingHint")}
      </p>
      {isOn && code !== null && others.length > 0 && <Code code={code} />}
      {others.length > 0 && (
        <ul aria-label={t("encryption.people")} className="mt-3 flex flex-col gap-1.5">
          {others.map((member) => (
            <Member
              key={`${member.userId} ${member.fingerprint}`}
              channelId={channelId}
              userId={member.userId}
              isVerified={isVerified(member)}
            />
          ))}
        </ul>
      )}
      {isOn && others.some((member) => !isVerified(member)) && (
        <Button size="sm" className="mt-3 w-full" onClick={() => void verify()}>
          {t("encryption.verify")}
        </Button>
      )}
    </div>
  );
}

function Code({ code }: { code: string }) {
  const { t } = useTranslation("voice");
  const copy = useCopy();
  return (
    <div className="mt-3">
      <div className="flex items-center justify-between">
        <h3 className="text-sm font-semibold">{t("encryption.code")}</h3>
        <IconButton size="sm" label={t("encryption.copy")} icon={<Copy size={16} />} onClick={() => void copy(code)} />
      </div>
      <p
        data-code={code}
        className="my-1.5 grid grid-cols-3 gap-x-4 gap-y-1 rounded-md bg-field px-3 py-2 text-center font-mono text-lg tabular-nums select-text"
      >
        {code.split(" ").map((group, at) => (
          // Places of the code, which never move.
          <span key={at}>{group} </span>
        ))}
      </p>
      <p className="text-sm text-muted">{t("encryption.codeHint")}</p>
    </div>
  );
}

interface MemberProps {
  channelId: number;
  userId: number;
  isVerified: boolean;
}

/** Named by the server that is not to be trusted: that only the right people are listed, the code says. */
function Member({ channelId, userId, isVerified }: MemberProps) {
  const { t } = useTranslation("voice");
  const name = useCall((state) => state.participants[userId]?.display_name ?? "");
  const person = usePersonIn(channelId, { id: userId, display_name: name, avatar_url: null });
  return (
    <li className="flex items-center gap-2 text-sm">
      <span dir="auto" className="min-w-0 flex-1 truncate font-medium">
        {person.display_name || t("encryption.unknown")}
      </span>
      {isVerified && <ShieldCheck size={16} aria-hidden className="shrink-0 text-link" />}
      <span className="shrink-0 text-muted">{t(isVerified ? "encryption.verified" : "encryption.unverified")}</span>
    </li>
  );
}
