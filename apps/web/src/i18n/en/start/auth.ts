export default {
  username: "Username",
  invite: {
    open: "You are already a member. Open the server",
  },
} as const;
