// The arrows of README "Architecture". Each rule is seen to fire in scripts/arrows.test.ts.
const forbid = (name, from, to) => ({ name, severity: "error", from, to });
const tests = ["[.](test|spec|port-tests)[.]tsx?$", "^e2e/"];
const testOnly = ["[.](test|spec|port-tests|memory)[.]tsx?$", "^gateway/contract/examples[.]ts$"];
const contract = "^gateway/contract/";
module.exports = {
  forbidden: [
    forbid("no-cycles", {}, { circular: true }),
    // Vite resolves `?url` to the address of a file.
    forbid("nothing-unresolved", {}, { couldNotResolve: true, pathNot: "[?]url$" }),
    forbid("contract-is-a-leaf", { path: contract }, { pathNot: [contract, "node_modules/zod/"] }),
    forbid("web-sees-only-the-contract", { path: "^web/" }, { path: "^gateway/", pathNot: contract }),
    forbid("gateway-never-sees-web", { path: "^gateway/" }, { path: "^web/" }),
    forbid(
      "e2e-sees-only-the-contract",
      { path: "^e2e/", pathNot: "^e2e/bench/accuracy/" },
      { path: "^(web|gateway)/", pathNot: contract },
    ),
    // it measures the station's own chain, picture by picture
    forbid(
      "accuracy-sees-only-the-station",
      { path: "^e2e/bench/accuracy/" },
      { path: "^(web|gateway)/", pathNot: [contract, "^web/vision/"] },
    ),
    forbid(
      "gateway-features-are-islands",
      {
        path: "^gateway/(setup|demo|media|models|taps|cameras|zones|stations|events|evidence|buckets|delivery|uploads|monitors|access|plates|settings)/",
      },
      { path: "^gateway/", pathNot: "^gateway/($1|kernel|contract)/" },
    ),
    forbid(
      "kernel-knows-no-feature",
      { path: "^gateway/kernel/" },
      { path: "^gateway/", pathNot: "^gateway/(kernel|contract)/" },
    ),
    forbid(
      "express-only-at-the-door",
      { path: "^gateway/", pathNot: ["/routes[.]ts$", "^gateway/(app|kernel/http)[.]ts$", ...tests] },
      { path: "node_modules/express/" },
    ),
    forbid(
      "web-features-are-islands",
      { path: "^web/features/([^/]+)/" },
      { path: "^web/features/", pathNot: "^web/features/$1/" },
    ),
    // wall -> grid -> tile; what all three share stands above them
    forbid(
      "live-tile-knows-no-grid",
      { path: "^web/features/live/tile/" },
      { path: "^web/features/live/(grid|wall)/" },
    ),
    forbid(
      "live-grid-knows-no-wall",
      { path: "^web/features/live/grid/" },
      { path: "^web/features/live/wall/" },
    ),
    forbid(
      "features-use-hooks",
      { path: "^web/features/" },
      { path: "^web/(api|media|taps|vision|stations|sync|evidence|app)/" },
    ),
    forbid(
      "web-services-are-islands",
      { path: "^web/(api|media|taps|vision|stations|sync|evidence)/" },
      { path: "^web/", pathNot: "^web/($1|lib)/" },
    ),
    forbid(
      "services-know-no-react",
      { path: "^web/(api|media|taps|vision|stations|sync|evidence|sw|lib)/" },
      { path: "node_modules/(@types/)?react" },
    ),
    forbid("worker-entries-are-loaded-not-imported", {}, { path: "[.]worker[.]ts$" }),
    forbid("test-code-stays-in-tests", { pathNot: [...tests, ...testOnly] }, { path: testOnly }),
  ],
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "browser", "node", "default", "types"],
    },
  },
};
