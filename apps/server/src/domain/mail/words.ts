import type { Locale } from "@miscord/protocol";
import type { NoticeKind } from "../../store/mail-tables.ts";

/** `{{name}}` is filled in; names that people chose are made harmless before. */
interface Words {
  hello: string;
  /** Below everything. */
  footer: string;
  confirm: { subject: string; text: string; link: string; unasked: string };
  reset: { subject: string; text: string; link: string; unasked: string };
  notice: Record<NoticeKind, { subject: string; text: string }>;
  device: string;
  unknownDevice: string;
  wasYou: string;
  recover: string;
  digest: { subject: string; text: string; line: string; open: string; off: string };
  test: { subject: string; text: string };
  alert: { open: string; why: string };
}

export const words: Readonly<Record<Locale, Words>> = {
  en: {
    hello: "Hello {{username}},",
    footer: "This mail comes from {{instance}}, {{url}}.",
    confirm: {
      subject: "Confirm your address",
      text: "open this link, while you are logged in, to confirm that this address is yours. It works once, for a day.",
      link: "Confirm the address",
      unasked: "If you did not ask for this, ignore it: nothing changes.",
    },
    reset: {
      subject: "Set a new password",
      text: "somebody asked for a new password for your account. This link sets one. It works once, for an hour, and ends all your sessions.",
      link: "Set a new password",
      unasked: "If it was not you, ignore this mail: nothing changes.",
    },
    notice: {
      new_device: {
        subject: "New login",
        text: "somebody logged in to your account from a device that it had not had before.",
      },
      password_changed: { subject: "Your password was changed", text: "the password of your account was changed." },
      factors_changed: {
        subject: "Your second factors were changed",
        text: "an authenticator app, a passkey, a linked login or the recovery codes of your account were changed.",
      },
      address_changed: {
        subject: "Your address was changed",
        text: "this address no longer belongs to your account. Mails about it do not come here any more.",
      },
    },
    device: "{{device}}, address {{address}}",
    unknownDevice: "Unknown device",
    wasYou: "If it was you, there is nothing to do.",
    recover: "If it was not you, set a new password at once, or ask the administrator of {{instance}} for help:",
    digest: {
      subject: "Mentions that you missed",
      text: "while you were away you were mentioned or answered:",
      line: "{{server}}, #{{channel}}: {{count}}",
      open: "Open {{instance}}",
      off: "You asked for this summary in the settings of your account, where you can switch it off.",
    },
    alert: {
      open: "See it on the monitor",
      why: "This mail goes to administrators, as the setting ALERT_ADMINS says.",
    },
    test: { subject: "Test", text: "mails of {{instance}} arrive." },
  },
  ru: {
    hello: "Здравствуйте, {{username}}!",
    footer: "Это письмо отправил {{instance}}, {{url}}.",
    confirm: {
      subject: "Подтвердите адрес",
      text: "Откройте эту ссылку, войдя в учётную запись, чтобы подтвердить, что адрес ваш. Она действует один раз, в течение суток.",
      link: "Подтвердить адрес",
      unasked: "Если вы об этом не просили, ничего не делайте: всё останется как есть.",
    },
    reset: {
      subject: "Новый пароль",
      text: "Кто-то попросил новый пароль для вашей учётной записи. По этой ссылке его можно задать: один раз, в течение часа. Все ваши сеансы завершатся.",
      link: "Задать новый пароль",
      unasked: "Если это были не вы, ничего не делайте: всё останется как есть.",
    },
    notice: {
      new_device: {
        subject: "Новый вход",
        text: "В вашу учётную запись вошли с устройства, которого у неё раньше не было.",
      },
      password_changed: { subject: "Ваш пароль изменён", text: "Пароль вашей учётной записи изменён." },
      factors_changed: {
        subject: "Второй шаг входа изменён",
        text: "У вашей учётной записи изменились приложение с кодами, ключи доступа, привязанные входы или коды восстановления.",
      },
      address_changed: {
        subject: "Ваш адрес изменён",
        text: "Этот адрес больше не принадлежит вашей учётной записи. Письма о ней сюда больше не приходят.",
      },
    },
    device: "{{device}}, адрес {{address}}",
    unknownDevice: "Неизвестное устройство",
    wasYou: "Если это были вы, делать ничего не нужно.",
    recover: "Если нет, сразу задайте новый пароль или обратитесь к администратору {{instance}}:",
    digest: {
      subject: "Упоминания, которые вы пропустили",
      text: "Пока вас не было, вас упомянули или вам ответили:",
      line: "{{server}}, #{{channel}}: {{count}}",
      open: "Открыть {{instance}}",
      off: "Вы сами включили эту сводку в настройках учётной записи; там же её можно выключить.",
    },
    alert: {
      open: "Открыть мониторинг",
      why: "Это письмо пришло администратору: так задано в настройках сервера, ALERT_ADMINS.",
    },
    test: { subject: "Проверка", text: "Письма {{instance}} доходят." },
  },
};
