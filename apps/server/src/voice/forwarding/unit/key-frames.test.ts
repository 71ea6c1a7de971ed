import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { KeyFrames } from "./key-frames.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("a full picture is asked for once a second, by the last request as well", () => {
  const request = vi.fn<() => void>();
  const keyFrames = new KeyFrames(request);
  for (let count = 0; count < 5; count += 1) keyFrames.request();
  expect(request).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(3_000);
  expect(request).toHaveBeenCalledTimes(2);
  keyFrames.request();
  keyFrames.request();
  keyFrames.stop();
  vi.advanceTimersByTime(3_000);
  expect(request).toHaveBeenCalledTimes(3);
});

test("a request that fails later ends no process, and the next one is made", () => {
  const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => {});
  const request = vi.fn<() => void>().mockImplementationOnce(() => {});
  request.mockImplementationOnce(() => {
    throw new Error("of one participant");
  });
  const keyFrames = new KeyFrames(request);
  keyFrames.request();
  keyFrames.request();
  expect(() => vi.advanceTimersByTime(1_500)).not.toThrow();
  expect(request).toHaveBeenCalledTimes(2);
  vi.advanceTimersByTime(1_500);
  keyFrames.request();
  expect(request).toHaveBeenCalledTimes(3);
  warned.mockRestore();
});
