import type { Locale } from "@miscord/protocol";
import type { Mailer } from "./ports.ts";

/** What mails of the instance are made with. */
export interface MailContext {
  readonly mailer: Mailer;
  /** Address of the sender. */
  readonly from: string;
  /** Of the links; what requests say of their host is not believed. */
  readonly publicUrl: string;
  readonly instanceName: string;
  /** Of people whose language is not known. */
  readonly locale: Locale;
}
