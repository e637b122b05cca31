import { expect, test } from "vitest";
import { paths } from "#contract/paths.ts";
import { isGatewayPath } from "./own-paths.ts";

test("every address of the contract is the gateway's", () => {
  for (const path of Object.values(paths)) expect(path).toMatch(isGatewayPath);
});

test.each(["/", "/cameras", "/apis", "/media-settings", "/assets/models.js"])("%s is the page's", (path) => {
  expect(path).not.toMatch(isGatewayPath);
});
