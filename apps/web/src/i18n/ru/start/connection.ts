export default {
  title: "Соединение",
  open: "Соединение: {{quality}}",
  quality: {
    excellent: "отличное",
    good: "хорошее",
    poor: "слабое",
    disconnected: "отсутствует",
  },
  status: {
    idle: "Нет соединения",
    connecting: "Подключаемся…",
    online: "Подключено",
    waiting: "Ждём переподключения",
    stopped: "Соединение закрыто",
  },
  none: "–",
  copy: "Копировать подробности",
} as const;
