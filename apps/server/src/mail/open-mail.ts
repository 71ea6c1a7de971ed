import type { Config } from "../config.ts";
import type { MailContext } from "../domain/mail-context.ts";
import { createSmtpMailer } from "./smtp-mailer.ts";

type MailConfig = Pick<Config, "smtpUrl" | "smtpFrom" | "publicUrl" | "instanceName" | "mailLanguage">;

/** Null where the settings name no mail server. */
export function openMail(config: MailConfig): MailContext | null {
  const { smtpUrl, smtpFrom, publicUrl, instanceName, mailLanguage } = config;
  if (smtpUrl === undefined || smtpFrom === undefined || publicUrl === undefined) return null;
  const mailer = createSmtpMailer({ smtpUrl, smtpFrom, instanceName });
  return { mailer, from: smtpFrom, publicUrl, instanceName, locale: mailLanguage };
}
