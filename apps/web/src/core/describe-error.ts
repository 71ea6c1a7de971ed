import { ApiError } from "@miscord/client";
import { useCallback } from "react";
import { useTranslation } from "react-i18next";

/** Translates an error for the user. The server's own error messages are for developers. */
export function useDescribeError(): (error: unknown) => string {
  const { t } = useTranslation("common");
  return useCallback(
    (error) => {
      if (!(error instanceof ApiError)) return t("error.internal");
      if (error.code === "rate_limited" && error.retryAfterMs) {
        return t("error.rate_limited_for", { count: Math.ceil(error.retryAfterMs / 1_000) });
      }
      // In the words of those who run the server.
      if (error.code === "automod_blocked") return error.message;
      return t(`error.${error.code}`);
    },
    [t],
  );
}
