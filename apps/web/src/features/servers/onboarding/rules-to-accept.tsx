import { useTranslation } from "react-i18next";
import { useClientState } from "../../../core/client.ts";
import { Checkbox } from "../../../ui/checkbox.tsx";

interface RulesToAcceptProps {
  serverId: number;
  isAccepted: boolean;
  onChange: (isAccepted: boolean) => void;
}

/** The rules of the server's verification, while the user has not accepted them. */
export function RulesToAccept({ serverId, isAccepted, onChange }: RulesToAcceptProps) {
  const { t } = useTranslation(["onboarding", "verification"]);
  const rules = useClientState(({ servers }) => {
    const server = servers[serverId];
    return server?.rules_accepted === false ? (server.verification?.rules ?? "") : "";
  });
  if (rules === "") return null;
  return (
    <section>
      <h3 className="mb-2 font-semibold">{t("verification:rules")}</h3>
      <p
        dir="auto"
        className="rounded-md border border-line bg-field px-3 py-2.5 text-sm wrap-break-word whitespace-pre-line"
      >
        {rules}
      </p>
      <div className="mt-2.5">
        <Checkbox label={t("accept")} checked={isAccepted} onChange={onChange} />
      </div>
    </section>
  );
}
