export default {
  title: "Настройки",
  logout: "Выйти",
  monitor: "Мониторинг",
  instance: "Администрирование",
  customStatus: "Свой статус…",
  shortcuts: "Горячие клавиши",
  status: {
    heading: "Статус",
    dnd: "Без звуков и всплывающих окон",
    invisible: "Для других вы не в сети",
  },
} as const;
