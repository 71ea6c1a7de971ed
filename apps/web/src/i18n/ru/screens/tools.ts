export default {
  title: "Сообщение",
  remind: {
    title: "Напомнить",
    soon: "Через 20 минут",
    hour: "Через час",
    evening: "Вечером",
    tomorrow: "Завтра утром",
    week: "Через неделю",
  },
  save: "Сохранить",
  copyMarkdown: "Копировать как Markdown",
  forward: {
    title: "Переслать сообщение",
    search: "Куда",
    places: "Каналы и беседы",
    none: "Ничего не найдено.",
    comment: "Комментарий (необязательно)",
    files: "Файлы",
    submit: "Переслать",
    done: "Переслано: {{channel}}",
  },
  forwarded: {
    label: "Пересланное сообщение",
    source: "К оригиналу",
    hidden: "Оригинал удалён или находится в канале, который вам не виден.",
  },
  linked: {
    label: "Сообщение: {{author}}",
    open: "К сообщению",
  },
  leave: {
    title: "Открыть этот адрес?",
    description: "Слова ссылки не показывают, куда она ведёт.",
    submit: "Открыть",
    copy: "Копировать",
  },
  date: {
    title: "Перейти к дате",
    day: "День",
    submit: "Перейти",
  },
  edits: {
    title: "Прежние версии",
    present: "сейчас",
  },
} as const;
