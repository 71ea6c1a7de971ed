import { expect, test } from "vitest";
import { chooseCameras } from "./choose-cameras.ts";

const silent = { enlarged: null, isSpeaking: () => false, before: [], most: 3 };

test("all cameras are received while they are few, and those that are received keep their order", () => {
  expect(chooseCameras({ ...silent, on: [1, 2, 3] })).toEqual([1, 2, 3]);
  expect(chooseCameras({ ...silent, on: [1, 2, 3], before: [3, 9] })).toEqual([3, 1, 2]);
});

test("of more cameras than can be received, a speaker takes the place of somebody silent", () => {
  const on = [1, 2, 3, 4, 5];
  expect(chooseCameras({ ...silent, on })).toEqual([1, 2, 3]);
  const isSpeaking = (userId: number) => userId === 5 || userId === 1;
  expect(chooseCameras({ ...silent, on, before: [1, 2, 3], isSpeaking })).toEqual([1, 2, 5]);
  // Silence gives no place back.
  expect(chooseCameras({ ...silent, on, before: [1, 2, 5] })).toEqual([1, 2, 5]);
});

test("the enlarged camera is received before all others", () => {
  const isSpeaking = (userId: number) => userId < 4;
  expect(chooseCameras({ ...silent, on: [1, 2, 3, 4], before: [1, 2, 3], enlarged: 4, isSpeaking })).toEqual([1, 2, 4]);
});
