import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Brokers for tests and benches: real ones, each on loopback ports and in a folder of its own. */
export type Broker = {
  url: string;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Again after `kill`: same port, same folder. Resolves when it takes connections. */
  start(): Promise<void>;
  /** Kills it and removes its folder. */
  end(): Promise<void>;
};

/** Undefined where this computer has none; a test skips then, and says so. */
export const mosquitto = program("mosquitto", ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin"]);
const erl = program("erl");
const epmd = program("epmd");
/** The program itself, not Debian's `/usr/sbin` one, which changes the user and keeps its own folders. */
export const rabbitmq = erl && epmd && program("rabbitmq-server", ["/usr/lib/rabbitmq/bin"], false);

const MOSQUITTO_START_MS = 10_000;
/** Five to ten seconds on a computer that has nothing else to do. */
export const RABBITMQ_START_MS = 150_000;

function program(name: string, folders: string[] = [], looksOnPath = true): string | undefined {
  const path = looksOnPath ? (process.env.PATH ?? "").split(delimiter) : [];
  return [...path, ...folders].map((folder) => join(folder, name)).find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Anybody may write anything, unless `settings` (lines of mosquitto.conf) say otherwise. */
export async function startMosquitto(
  settings: (folder: string) => string[] = () => ["allow_anonymous true"],
): Promise<Broker> {
  const folder = await mkdtemp(join(tmpdir(), "guarita-mosquitto-"));
  const [port = 0] = await freePorts(1);
  const file = join(folder, "mosquitto.conf");
  // unlimited, so that what it acknowledged is on its way to a subscriber that is there
  const lines = [
    `listener ${port} 127.0.0.1`,
    `user ${userInfo().username}`, // started by root it would become another, who may not read the folder
    "max_inflight_messages 0",
    "max_queued_messages 0",
  ];
  await writeFile(file, `${[...lines, ...settings(folder)].join("\n")}\n`);
  return startBroker({
    folder,
    port,
    url: `mqtt://127.0.0.1:${port}`,
    spawn: () => [spawn(mosquitto ?? "mosquitto", ["-c", file], { stdio: "ignore" })],
    limitMs: MOSQUITTO_START_MS,
  });
}

export type Rabbitmq = Broker & {
  /** As if the computer's memory were full, or no longer so. */
  setMemoryAlarm(isOn: boolean): Promise<void>;
  /** A user who may write and read all, and make nothing. */
  addWriter(name: string, password: string): Promise<void>;
};

/** With a name registry (epmd) of its own, so that it meets no other Erlang of this computer. Guest is its user. */
export async function startRabbitmq(): Promise<Rabbitmq> {
  const folder = await mkdtemp(join(tmpdir(), "guarita-rabbitmq-"));
  const [port = 0, distPort = 0, epmdPort = 0] = await freePorts(3);
  await writeFile(join(folder, "env.conf"), "");
  await writeFile(join(folder, "plugins"), "[].\n");
  await writeFile(
    join(folder, "rabbitmq.conf"),
    [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      "disk_free_limit.absolute = 1MB",
      "max_message_size = 65536",
    ].join("\n"),
  );
  const node = `guarita${port}@localhost`;
  const env = {
    ...process.env,
    HOME: folder, // the cookie lies there
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_NODENAME: node,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(folder, "data"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "env.conf"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_PID_FILE: join(folder, "pid"),
    // lets the script become Erlang instead of starting it, so that its pid is the broker's
    RABBITMQ_ALLOW_INPUT: "1",
    RABBITMQ_SERVER_START_ARGS: "-noinput -start_epmd false",
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "+S 2:2 +sbwt none",
  };
  const options = { env, stdio: "ignore" } as const;
  const broker = await startBroker({
    folder,
    port,
    url: `amqp://127.0.0.1:${port}`,
    spawn: () => [
      spawn(epmd ?? "epmd", ["-port", String(epmdPort), "-address", "127.0.0.1"], options),
      spawn(rabbitmq ?? "rabbitmq-server", [], options),
    ],
    limitMs: RABBITMQ_START_MS,
  });
  /** Calls of `module, function, arguments` in the broker, each of which answers ok. */
  async function callInside(...calls: string[]): Promise<void> {
    const expressions = calls.map((call) => `ok = rpc:call('${node}', ${call})`);
    const flags = ["-noinput", "-hidden", "-start_epmd", "false", "-sname", `calls${port}@localhost`];
    const code = await exitOf(
      spawn(erl ?? "erl", [...flags, "-eval", `${expressions.join(", ")}, halt(0).`], options),
    );
    if (code !== 0) throw new Error(`Erlang ended with ${code}`);
  }
  return {
    ...broker,
    setMemoryAlarm(isOn) {
      const source = `{resource_limit, memory, '${node}'}`;
      return callInside(
        `rabbit_alarm, ${isOn ? `set_alarm, [{${source}, []}]` : `clear_alarm, [${source}]`}`,
      );
    },
    addWriter(name, password) {
      const [user, none, all, by] = [`<<"${name}">>`, '<<"">>', '<<".*">>', '<<"test">>'];
      return callInside(
        `rabbit_auth_backend_internal, add_user, [${user}, <<"${password}">>, ${by}]`,
        `rabbit_auth_backend_internal, set_permissions, [${user}, <<"/">>, ${none}, ${all}, ${all}, ${by}]`,
      );
    },
  };
}

type BrokerParts = {
  folder: string;
  port: number;
  url: string;
  /** The broker is the last of them. */
  spawn(): ChildProcess[];
  limitMs: number;
};

async function startBroker({ folder, port, url, spawn: spawnAll, limitMs }: BrokerParts): Promise<Broker> {
  let processes: ChildProcess[] = [];
  async function kill(): Promise<void> {
    const ends = processes.map(exitOf);
    for (const child of processes) child.kill("SIGKILL");
    await Promise.all(ends);
    processes = [];
  }
  async function start(): Promise<void> {
    processes = spawnAll();
    const giveUp = AbortSignal.timeout(limitMs);
    while (!(await isListening(port))) {
      const code = processes.at(-1)?.exitCode ?? null;
      if (giveUp.aborted || code !== null) {
        throw new Error(
          `no broker came up at port ${port} (${code === null ? "too slow" : `ended: ${code}`})`,
        );
      }
      await pause(50);
    }
  }
  async function end(): Promise<void> {
    await kill();
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  }
  try {
    await start();
  } catch (error) {
    await end();
    throw error;
  }
  return { url, kill, start, end };
}

function exitOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((ended, failed) => {
    child.once("exit", ended);
    child.once("error", failed);
  });
}

function isListening(port: number): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => told(true)).once("error", () => told(false));
    socket.once("connect", () => socket.destroy());
  });
}

/** Different ports that were free on loopback a moment ago. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, "127.0.0.1"));
  const ports = await Promise.all(servers.map(portOf));
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

export function portOf(server: ReturnType<typeof createServer>): Promise<number> {
  return new Promise((told) => {
    const tell = () => {
      const address = server.address();
      told(typeof address === "object" && address ? address.port : 0);
    };
    if (server.listening) tell();
    else server.once("listening", tell);
  });
}
