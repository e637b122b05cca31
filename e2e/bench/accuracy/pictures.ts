import { readFileSync } from "node:fs";
import { chromium, type Page } from "@playwright/test";
import type { Picture, Plane } from "../../../web/vision/detector.ts";
import { browserOptions } from "../browser.ts";
import { InputError } from "../report.ts";

/** Any address of this computer: WebCodecs exist only there. Nothing listens, the page is made up. */
const PAGE = "http://localhost/";

/**
 * Decodes picture files in a browser, which gives the planes of a JPEG as a camera's decoder gives them: nothing is
 * turned into red, green and blue on the way.
 */
export async function openPictures() {
  const browser = await chromium.launch(browserOptions());
  const page = await browser.newPage();
  await page.route(PAGE, (route) => route.fulfill({ contentType: "text/html", body: "<!doctype html>" }));
  await page.goto(PAGE);
  return {
    read: (file: string): Promise<Picture> => readPicture(page, file),
    close: () => browser.close(),
  };
}
export type Pictures = Awaited<ReturnType<typeof openPictures>>;

const TYPES: Record<string, string> = {
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  png: "image/png",
  webp: "image/webp",
};

/** Whether a file has a name that `openPictures` can read. */
export const isPicture = (file: string): boolean => Object.hasOwn(TYPES, endOf(file));

const endOf = (file: string): string => file.slice(file.lastIndexOf(".") + 1).toLowerCase();

async function readPicture(page: Page, file: string): Promise<Picture> {
  const type = TYPES[endOf(file)];
  if (!type) throw new Error(`${file} is no picture`);
  const base64 = readFileSync(file).toString("base64");
  const decoded = await page.evaluate(decode, { base64, type }).catch((cause: unknown) => {
    throw new InputError(`${file} cannot be read: it is broken, or no ${type}`, { cause });
  });
  return { ...decoded, bytes: Buffer.from(decoded.base64, "base64"), pixels: pixelsOf(decoded) };
}

type Decoded = Awaited<ReturnType<typeof decode>>;

/** Runs in the page. */
async function decode({ base64, type }: { base64: string; type: string }) {
  const toBytes = async (text: string) => (await fetch(`data:;base64,${text}`)).arrayBuffer();
  const decoder = new ImageDecoder({ data: await toBytes(base64), type });
  const { image } = await decoder.decode();
  const isYuv = image.format === "I420";
  const options: VideoFrameCopyToOptions = isYuv ? {} : { format: "RGBX" };
  const bytes = new Uint8Array(image.allocationSize(options));
  const planes = await image.copyTo(bytes, options);
  const { width: widthPx, height: heightPx } = image.visibleRect ?? { width: 0, height: 0 };
  const { matrix, fullRange } = image.colorSpace;
  image.close();
  decoder.close();
  const asText = await new Promise<string>((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.readAsDataURL(new Blob([bytes]));
  });
  return {
    widthPx,
    heightPx,
    isYuv,
    planes: planes.map(({ offset, stride }) => ({ offset, strideBytes: stride })),
    isBt709: matrix === "bt709",
    // a JPEG's planes are of full range, also where the decoder does not say so
    fullRange: fullRange !== false,
    base64: asText.slice(asText.indexOf(",") + 1),
  };
}

function pixelsOf({ isYuv, planes, isBt709, fullRange }: Decoded): Picture["pixels"] {
  const [first, second, third] = planes;
  if (first && !isYuv) return { kind: "rgbx", ...first };
  if (!first || !second || !third) throw new Error("the picture has no planes");
  const plane = (layout: { offset: number; strideBytes: number }): Plane => ({ ...layout, stepBytes: 1 });
  return {
    kind: "yuv420",
    y: plane(first),
    u: plane(second),
    v: plane(third),
    matrix: isBt709 ? "bt709" : "bt601",
    fullRange,
  };
}
