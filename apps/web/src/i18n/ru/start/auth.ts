export default {
  username: "Имя пользователя",
  invite: {
    open: "Вы уже участник. Открыть сервер",
  },
} as const;
