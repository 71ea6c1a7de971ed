import { ApiError, securityCalls } from "@miscord/client";
import type { PasskeyAnswerBody } from "@miscord/protocol";
import { useTranslation } from "react-i18next";
import { useClient, useClientState } from "../../../core/client.ts";
import { useDescribeError } from "../../../core/describe-error.ts";

/** Loaded with the first passkey. */
const webauthn = () => import("@simplewebauthn/browser");

type RequestOptions = Parameters<Awaited<ReturnType<typeof webauthn>>["startAuthentication"]>[0]["optionsJSON"];
type CreationOptions = Parameters<Awaited<ReturnType<typeof webauthn>>["startRegistration"]>[0]["optionsJSON"];

/** Whether both this browser and this address of the instance can have passkeys. */
export function useHasPasskeys(): boolean {
  const isOffered = useClientState((state) => state.instance?.features.includes("passkeys") ?? false);
  return isOffered && "PublicKeyCredential" in globalThis;
}

/** Asks the browser for passkeys. Both calls reject with what `describe` puts into words. */
export function usePasskey() {
  const { t } = useTranslation("security");
  const describeOther = useDescribeError();
  const calls = securityCalls(useClient().rest);
  return {
    prove: async (ticket?: string): Promise<PasskeyAnswerBody> => {
      const optionsJSON = await calls.passkeyOptions<RequestOptions>(ticket);
      return asBody(await (await webauthn()).startAuthentication({ optionsJSON }));
    },
    create: async (): Promise<PasskeyAnswerBody> => {
      const optionsJSON = await calls.newPasskeyOptions<CreationOptions>();
      return asBody(await (await webauthn()).startRegistration({ optionsJSON }));
    },
    describe: (error: unknown): string => {
      if (error instanceof ApiError) {
        return error.code === "invalid_credentials" ? t("passkey.refused") : describeOther(error);
      }
      return error instanceof Error && error.name === "InvalidStateError" ? t("passkeys.known") : t("passkey.canceled");
    },
  };
}

/** The library's types name every field that a browser may send; the protocol leaves them to the server's check. */
function asBody(answer: { id: string; rawId: string; type: "public-key"; response: object }): PasskeyAnswerBody {
  return { ...answer, response: { ...answer.response }, clientExtensionResults: {} };
}
