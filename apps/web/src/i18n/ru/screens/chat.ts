export default {
  pins: {
    empty: "Ничего не закреплено",
    emptyHint: "Здесь под рукой то, что закреплено из меню сообщения.",
  },
  attachment: {
    image: "Изображение {{name}}",
  },
  viewer: {
    title: "Изображение {{index}} из {{count}}",
    next: "Следующее изображение",
    previous: "Предыдущее изображение",
    zoomIn: "Увеличить",
    zoomOut: "Уменьшить",
    original: "Открыть оригинал",
    download: "Скачать",
    close: "Закрыть",
  },
  emoji: {
    search: "Поиск эмодзи",
    categories: "Категории эмодзи",
    failed: "Не удалось загрузить эмодзи. Закройте окно и попробуйте ещё раз.",
    none: "По запросу «{{search}}» ничего нет",
    recent: "Недавние",
    skinTone: "Оттенок кожи",
    pick: "Выберите эмодзи",
  },
} as const;
