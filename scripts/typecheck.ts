import { typecheck } from "./gates.ts";

process.exitCode = await typecheck();
