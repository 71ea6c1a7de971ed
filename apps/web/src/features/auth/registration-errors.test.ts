import { ApiError } from "@miscord/client";
import { expect, test } from "vitest";
import { refusedFaults, registrationFaults } from "./registration-errors.ts";

const good = { username: "анна.k", email: "a@b.example", password: "12345678" };

test.each([
  [{}, {}],
  [{ username: "" }, { username: "usernameMissing" }],
  [{ username: "a" }, { username: "usernameShort" }],
  [{ username: "a b" }, { username: "usernameCharacters" }],
  [{ username: ".ab" }, { username: "usernameCharacters" }],
  [{ email: "a@b" }, { email: "email" }],
  [{ password: "1234567" }, { password: "passwordShort" }],
])("the registration fields %j have the faults %j", (change, faults) => {
  expect(registrationFaults({ ...good, ...change })).toEqual(faults);
});

test("a refused registration is explained beside the field it concerns", () => {
  expect(refusedFaults(new ApiError("username_taken", ""))).toEqual({ username: "usernameTaken" });
  expect(
    refusedFaults(new ApiError("invalid_request", "", { details: { issues: [{ path: "email", message: "" }] } })),
  ).toEqual({
    email: "email",
  });
  expect(refusedFaults(new ApiError("invalid_request", "", { details: { issues: [{ path: "other" }] } }))).toBeNull();
  expect(refusedFaults(new ApiError("internal", ""))).toBeNull();
});
