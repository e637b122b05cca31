import { expect, test } from "vitest";
import { createPictureBuffers } from "./picture-buffers.ts";

test("buffers are used again, the smallest that fits", () => {
  const { take, giveBack, made } = createPictureBuffers();
  const [small, large] = [take(100), take(1_000)];
  giveBack(large);
  giveBack(small);
  expect(take(90).buffer).toBe(small.buffer);
  expect(take(90).buffer).toBe(large.buffer);
  expect(made()).toBe(2);
});

test("one that came back from a worker is used again; one that was lost with it is not", () => {
  const { take, giveBack, made } = createPictureBuffers();
  const lost = take(100);
  structuredClone(lost, { transfer: [lost.buffer] });
  giveBack(lost);
  const sent = take(100);
  giveBack(structuredClone(sent, { transfer: [sent.buffer] }));
  expect(take(100).length).toBe(100);
  expect(made()).toBe(2);
});

test("a burst of pictures leaves no pile of idle buffers behind", () => {
  const { take, giveBack, made } = createPictureBuffers();
  for (const buffer of Array.from({ length: 50 }, () => take(100))) giveBack(buffer);
  for (let again = 0; again < 8; again += 1) take(100);
  expect(made()).toBe(50);
  take(100);
  expect(made()).toBe(51);
});
