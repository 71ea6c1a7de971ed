import type {
  AccountSecurity,
  AuthenticatorSecret,
  ConfirmBody,
  PasskeyAnswerBody,
  PasswordBody,
  RecoverBody,
  RecoveryCodes,
  ResetBody,
  ResetLink,
  SessionInfo,
} from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls around logging in and protecting an account, apart from `Rest` so that only their screens load them. */
export function securityCalls({ call, callOpenly }: Pick<Rest, "call" | "callOpenly">) {
  const codes = async (answer: Promise<RecoveryCodes>) => (await answer).recovery_codes;
  return {
    recover: (body: RecoverBody) => callOpenly<void>("POST", "/api/auth/recover", { body }),
    reset: (body: ResetBody) => callOpenly<{ username: string }>("POST", "/api/auth/reset", { body }),
    /** What `navigator.credentials.get` needs. With the ticket of a login only that user's passkeys are asked for. */
    passkeyOptions: <Options>(ticket?: string) =>
      callOpenly<Options>("POST", "/api/auth/passkey-options", { body: { ticket } }),
    changePassword: (body: PasswordBody) => call<void>("POST", "/api/auth/password", { body }),
    listSessions: async () => (await call<{ sessions: SessionInfo[] }>("GET", "/api/auth/sessions")).sessions,
    revokeSession: (sessionId: string) => call<void>("DELETE", `/api/auth/sessions/${encodeURIComponent(sessionId)}`),
    security: () => call<AccountSecurity>("GET", "/api/auth/security"),
    confirm: (body: ConfirmBody) => call<void>("POST", "/api/auth/confirm", { body }),
    renewRecoveryCodes: () => codes(call("POST", "/api/auth/recovery-codes")),
    beginAuthenticator: () => call<AuthenticatorSecret>("POST", "/api/auth/authenticator"),
    /** Recovery codes if the user had none. */
    finishAuthenticator: (code: string) => codes(call("PUT", "/api/auth/authenticator", { body: { code } })),
    removeAuthenticator: () => call<void>("DELETE", "/api/auth/authenticator"),
    /** What `navigator.credentials.create` needs. */
    newPasskeyOptions: <Options>() => call<Options>("POST", "/api/auth/passkeys/options"),
    /** Recovery codes if the user had none. */
    addPasskey: (passkey: PasskeyAnswerBody, name: string) =>
      codes(call("POST", "/api/auth/passkeys", { body: { passkey, name } })),
    removePasskey: (id: string) => call<void>("DELETE", `/api/auth/passkeys/${encodeURIComponent(id)}`),
    /** For administrators. */
    createResetLink: (username: string) => call<ResetLink>("POST", "/api/admin/reset-links", { body: { username } }),
  };
}
