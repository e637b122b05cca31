// To be awaited before any TypeScript is read, in every thread. What is compiled is kept between starts, and so is
// TypeScript without its types; what Node takes the types away with would cost 15 MB for good as soon as one file
// needs it. Hence plain JavaScript, here and where a thread begins.
import { enableCompileCache } from "node:module";
import { join } from "node:path";

enableCompileCache(join(import.meta.dirname, "..", "node_modules", ".cache", "guarita"));
