const NAME = "DATABASE_URL";

/** What is said of it beside the settings, of which it is none: it holds a password, and so stands in no file. */
export const DATABASE_URL_ABOUT = [
  "events, destinations and what waits for them in a PostgreSQL database, for example",
  "postgres://guarita:secret@db.example:5432/guarita; several gateways may share it,",
  "each with a data folder of its own and the same secret.key in it",
];

/** The address is never repeated, neither here nor in a log. An empty variable counts as none. */
export function readDatabaseUrl(env: Record<string, string | undefined>): { url?: string; problem?: string } {
  const url = env[NAME];
  if (!url) return {};
  if (isAddress(url)) return { url };
  return {
    problem: `${NAME} must be the address of a PostgreSQL database, as postgres://user:password@host:5432/database.`,
  };
}

function isAddress(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text)) return false;
  try {
    // a server behind a socket has its folder in `host=`, and nothing after the "@"
    const url = new URL(text.replace("@/", "@host/").replace(":///", "://host/"));
    return [url.username, url.password, url.pathname].every((part) => decodeURIComponent(part) !== null);
  } catch {
    return false;
  }
}
