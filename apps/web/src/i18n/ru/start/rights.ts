export default {
  roles: {
    everyone: "Все участники",
    assign: "Роли…",
  },
  channel: {
    open: "Права…",
    privateMark: "закрытый",
  },
  explain: {
    ofMember: "Права и откуда они",
  },
  viewAs: {
    asMember: "Посмотреть на сервер глазами участника",
  },
  refused: {
    send: "В этом канале вам нельзя писать.",
  },
  unseen_one: "{{names}} не видит этот канал и не получит уведомление.",
  unseen_few: "{{names}} не видят этот канал и не получат уведомление.",
  unseen_many: "{{names}} не видят этот канал и не получат уведомление.",
  unseen_other: "{{names}} не видят этот канал и не получат уведомление.",
} as const;
