import { GatewayError } from "../kernel/errors.ts";

/** Of the file system and of SQLite: a full disk, a failing one, one that may not be written to, a locked file. */
const TROUBLES =
  /^(ENOSPC|EDQUOT|EIO|EROFS|EACCES|EPERM|EMFILE|ENFILE|EBUSY|SQLITE_(FULL|IOERR|BUSY|READONLY|CANTOPEN).*)$/;

/** What a sender should try again becomes a refusal that says so; anything else is a bug and stays as it is. */
export function diskTrouble(error: unknown): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (!TROUBLES.test(code)) return error;
  return new GatewayError(
    "storage_unavailable",
    "The gateway cannot write to its disk now. Try again later.",
    {
      cause: error,
    },
  );
}
