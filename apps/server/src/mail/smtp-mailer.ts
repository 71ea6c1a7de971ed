import { MailRefused, type Mail, type Mailer } from "../domain/ports.ts";
import { parseSmtpUrl, type SmtpServer } from "./smtp-url.ts";

export interface SmtpSettings {
  smtpUrl: string;
  /** Address of the sender. */
  smtpFrom: string;
  instanceName: string;
}

/** A server that does not answer holds nothing up for longer. */
const timeouts = { dnsTimeout: 10_000, connectionTimeout: 10_000, greetingTimeout: 10_000, socketTimeout: 20_000 };

/** Sends through the SMTP server of the settings, over a connection of its own for each mail. */
export function createSmtpMailer({ smtpUrl, smtpFrom, instanceName }: SmtpSettings): Mailer {
  const server = parseSmtpUrl(smtpUrl);
  if (typeof server === "string") throw new Error(`SMTP_URL ${server}`);
  return {
    async send({ to, subject, text, html }: Mail) {
      const transport = await open(server);
      try {
        await transport.sendMail({
          // As objects: nothing in them is read as a list of addresses.
          from: { name: instanceName, address: smtpFrom },
          to: { name: "", address: to },
          subject,
          text,
          html,
          // No answers of machines to what a machine has sent.
          headers: { "Auto-Submitted": "auto-generated" },
          disableFileAccess: true,
          disableUrlAccess: true,
        });
      } catch (error) {
        throw refusalOf(error);
      } finally {
        transport.close();
      }
    },
    async check() {
      const transport = await open(server);
      try {
        await transport.verify();
      } catch (error) {
        throw refusalOf(error);
      } finally {
        transport.close();
      }
    },
  };
}

/** Loaded by the first mail: an instance without SMTP starts without this code. */
async function open({ host, port, tls, auth }: SmtpServer) {
  const { createTransport } = await import("nodemailer");
  return createTransport({
    host,
    port,
    secure: tls === "implicit",
    requireTLS: tls === "starttls",
    ignoreTLS: tls === "off",
    ...(auth && { auth }),
    ...timeouts,
  });
}

/** Without the texts of the library and the SMTP server, which name addresses. */
function refusalOf(error: unknown): MailRefused {
  const { code, responseCode } = error as { code?: unknown; responseCode?: unknown };
  const status = typeof responseCode === "number" ? responseCode : null;
  // A wrong password of the instance is no fault of the mail.
  const isOfMail = code === "EENVELOPE" || code === "EMESSAGE";
  return new MailRefused({
    code: typeof code === "string" ? code : "unknown",
    status,
    isFinal: isOfMail && (status === null || status >= 500),
  });
}
