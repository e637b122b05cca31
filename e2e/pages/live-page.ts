import { expect, type Locator, type Page } from "@playwright/test";

/** The grid of live cameras. */
export function livePage(page: Page) {
  const tile = (name: string): Locator => page.getByRole("article", { name, exact: true });
  const picture = (name: string): Locator => tile(name).locator("video, canvas[data-transport]").first();

  /** Mean brightness of 8x8 fields of the picture, as it is drawn now; null while there is none. */
  const sample = (name: string): Promise<number[] | null> =>
    picture(name).evaluate((element) => {
      const source = element as HTMLVideoElement | HTMLCanvasElement;
      const width = source instanceof HTMLVideoElement ? source.videoWidth : source.width;
      if (width === 0) return null;
      const canvas = new OffscreenCanvas(64, 64);
      const context = canvas.getContext("2d", { willReadFrequently: true });
      if (!context) return null;
      context.drawImage(source, 0, 0, 64, 64);
      const { data } = context.getImageData(0, 0, 64, 64);
      const fields = new Array<number>(64).fill(0);
      for (let i = 0; i < 64 * 64; i++) {
        const field = (Math.floor(i / 64 / 8) * 8 + Math.floor((i % 64) / 8)) | 0;
        fields[field] = (fields[field] ?? 0) + (data[i * 4 + 1] ?? 0) / 64;
      }
      return fields;
    });

  const difference = (a: number[], b: number[]) =>
    a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? 0))), 0);

  return {
    tile,
    picture,
    open: (url: string) => page.goto(url),
    /** Waits until the tile says that it plays, by `transport` where one is named. */
    async expectPlaying(name: string, transport?: string) {
      await expect(tile(name)).toHaveAttribute("data-status", "playing");
      if (transport) await expect(tile(name)).toHaveAttribute("data-transport", transport);
    },
    /** Opens what the tile says about the way of its picture. */
    openTransport: (name: string) =>
      tile(name)
        .getByRole("button", { name: /way of the picture/i })
        .click(),
    /** Pins the camera to the choice of this name. */
    async pinCamera(name: string, choice: string | RegExp) {
      await this.openTransport(name);
      await page
        .getByRole("radiogroup", { name: /this camera/i })
        .getByRole("radio", { name: choice })
        .check({ force: true });
      await page.keyboard.press("Escape");
    },
    /** Waits until the tile says `status`, one of the words of its `data-status`. */
    async expectStatus(name: string, status: string | RegExp, timeout?: number) {
      await expect(tile(name)).toHaveAttribute("data-status", status, timeout ? { timeout } : {});
    },
    /** Waits until two looks at the picture differ: it moves, and it is not blank. */
    async expectMoving(name: string) {
      let last: number[] | null = null;
      await expect
        .poll(async () => {
          const now = await sample(name);
          const before = last;
          last = now;
          if (!now || !before) return 0;
          return difference(now, before);
        })
        .toBeGreaterThan(1);
    },
    /** The number of people that the tile shows, or null while it shows none. */
    async people(name: string): Promise<number | null> {
      const count = tile(name).getByTestId("people");
      if ((await count.count()) === 0) return null;
      const shown = /\d+/.exec((await count.textContent()) ?? "");
      return shown ? Number(shown[0]) : null;
    },
  };
}
export type LivePage = ReturnType<typeof livePage>;
