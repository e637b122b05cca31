import { expect, test } from "vitest";
import { anId } from "#contract/examples.ts";
import enScreens from "../../locales/en.screens.json" with { type: "json" };
import ptBrScreens from "../../locales/pt-BR.screens.json" with { type: "json" };
import { rendered } from "../../locales/rendered.memory.tsx";
import { PictureWithBoxes } from "./EnlargedPicture.tsx";
import { MissingPicture } from "./MissingPicture.tsx";

const box = { left: 0.25, top: 0.5, width: 0.1, height: 0.2 };
const data = {
  mediaId: anId(),
  sha256: "0".repeat(64),
  sizeBytes: 1,
  widthPx: 640,
  heightPx: 360,
  storedAtMs: 0,
  cameraId: anId(),
  takenAtMs: 0,
  reason: "queue",
  boxes: [{ label: "person", score: 0.9, box }],
};

test("boxes fall where they belong in the picture's own pixels, and can be taken away", () => {
  const drawn = rendered(<PictureWithBoxes data={data} alt="Till" isDrawn />);
  expect(drawn).toContain('viewBox="0 0 640 360"');
  expect(drawn).toContain('x="160" y="180" width="64" height="72"');
  expect(drawn).toContain('alt="Till"');
  expect(rendered(<PictureWithBoxes data={data} alt="Till" isDrawn={false} />)).not.toContain("<rect");
});

test("why there is no picture is said in words", () => {
  expect(rendered(<MissingPicture status="on_its_way" />)).toContain(enScreens.events.picture.onItsWay);
  expect(rendered(<MissingPicture status="gone" />, "pt-BR")).toContain(ptBrScreens.events.picture.gone);
  expect(rendered(<MissingPicture status="failed" />)).toContain(enScreens.events.picture.failed);
});
