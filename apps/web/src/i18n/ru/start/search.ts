export default {
  label: "Поиск сообщений",
  placeholder: "Поиск",
  results: "Результаты поиска",
  searching: "Идёт поиск",
  close: "Закрыть результаты",
  nothing: "Ничего не нашлось",
} as const;
