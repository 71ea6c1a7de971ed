import type { AccountMail, InstanceMail, MailAddressBody, MailWishesBody } from "@miscord/protocol";
import type { Rest } from "./rest.ts";

/** Calls around mail, apart from `Rest` so that only their screens load them. */
export function mailCalls({ call, callOpenly }: Pick<Rest, "call" | "callOpenly">) {
  return {
    /** Sends links to set a new password, if the address belongs to accounts; says nothing about that. */
    requestReset: (email: string) => callOpenly<void>("POST", "/api/auth/reset-mail", { body: { email } }),
    accountMail: () => call<AccountMail>("GET", "/api/auth/email"),
    /** Sends a link to the address, also again to the same one. */
    setAddress: (body: MailAddressBody) => call<AccountMail>("PUT", "/api/auth/email", { body }),
    removeAddress: () => call<void>("DELETE", "/api/auth/email"),
    chooseMails: (body: MailWishesBody) => call<AccountMail>("PATCH", "/api/auth/email", { body }),
    confirmAddress: (token: string) => call<AccountMail>("POST", "/api/auth/email/confirm", { body: { token } }),
    /** For administrators. */
    instanceMail: () => call<InstanceMail>("GET", "/api/admin/mail"),
    /** For administrators: a mail to their own address. `reason`: why the mail server did not take it. */
    sendTestMail: () => call<{ reason: string | null }>("POST", "/api/admin/mail/test"),
  };
}
