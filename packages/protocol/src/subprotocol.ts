/** The subprotocol pair `miscord, bearer.<token>` keeps the token out of URLs, which end up in logs. */
export const subprotocol = "miscord";
export const bearerPrefix = "bearer.";
