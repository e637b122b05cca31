// `npm run check`: every gate that needs no browser. Passes on every commit.
import { bundleBudget } from "./bundle-budget.ts";
import { staticGates } from "./gates.ts";
import { close, gate } from "./steps.ts";

close([...(await staticGates()), await gate("bundle budget", bundleBudget)]);
