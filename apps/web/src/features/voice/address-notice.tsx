import { useTranslation } from "react-i18next";
import { useClientState } from "../../core/client.ts";

/** Whether people of a call usually see each other's addresses. Instances of older versions do not say. */
export function useShowsAddresses(): boolean {
  return useClientState(({ instance }) => instance?.calls_show_addresses ?? true);
}

/** Says that people of a call can see each other's addresses, where they can. */
export function AddressNotice() {
  const { t } = useTranslation("voice");
  return useShowsAddresses() ? <p className="text-center text-xs text-muted">{t("stage.addresses")}</p> : null;
}
