import { test as base } from "@playwright/test";
import { type CameraOptions, type SimulatedCameras, startCameras } from "./cameras.ts";
import { type Gateway, type GatewayOptions, startGateway } from "./gateway.ts";

export type Starters = {
  /** Starts a gateway that ends with the test. */
  gatewayWith(options?: GatewayOptions): Promise<Gateway>;
  /** Starts simulated cameras that end with the test. */
  camerasWith(options: CameraOptions): Promise<SimulatedCameras>;
};

export const test = base.extend<Starters>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
  gatewayWith: async ({}, use, info) => {
    const started: Gateway[] = [];
    await use(async (options) => {
      const gateway = await startGateway(options);
      started.push(gateway);
      return gateway;
    });
    for (const gateway of started) {
      if (info.status !== info.expectedStatus) {
        await info.attach("gateway.log", {
          body: gateway.process().lines.join("\n"),
          contentType: "text/plain",
        });
      }
      await gateway.stop();
    }
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern
  camerasWith: async ({}, use) => {
    const started: SimulatedCameras[] = [];
    await use(async (options) => {
      const cameras = await startCameras(options);
      started.push(cameras);
      return cameras;
    });
    for (const cameras of started) await cameras.stop();
  },
});

export { expect } from "@playwright/test";
