import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import { mediaIdOf } from "./event-media.ts";

test("a picture is named in the payload or in meta, and the payload's goes first", () => {
  const [one, two] = [anId(), anId()];
  expect(mediaIdOf({ payload: { media_id: one } })).toBe(one);
  expect(mediaIdOf({ payload: { state: "started" }, meta: { media_id: two } })).toBe(two);
  expect(mediaIdOf({ payload: { media_id: one }, meta: { media_id: two } })).toBe(one);
});

test("an event without a picture, or with a name that is no id, has none", () => {
  expect(mediaIdOf({})).toBeNull();
  expect(mediaIdOf({ payload: { state: "started" } })).toBeNull();
  expect(mediaIdOf({ payload: { media_id: "../../secret" }, meta: { media_id: 7 } })).toBeNull();
});
