import type { Config } from "../config.ts";
import { openMail } from "../mail/open-mail.ts";
import { attention, broken, reasonOf, works, type Finding } from "./finding.ts";

const piece = "Mail";

/** Asks the mail server for an answer, TLS and the login, and sends nothing. */
export async function checkMail(config: Config): Promise<Finding> {
  const mail = openMail(config);
  if (!mail) {
    const text = "SMTP_URL is not set, so no mail is sent: people get back in with recovery codes and one-time links.";
    return attention(piece, text);
  }
  try {
    await mail.mailer.check();
    return works(piece, `The mail server answers. Mails come from ${mail.from}.`);
  } catch (error) {
    const why =
      "Are host, port, user and password of SMTP_URL right, and does the server offer TLS (STARTTLS on smtp://)?";
    return broken(piece, `The mail server does not take mails (${reasonOf(error)}). ${why}`);
  }
}
