import type { z } from "zod";
import type { KnownPlate, PlateImport, PlateInput, PlateList } from "#contract/plates.ts";
import type { Bus } from "../kernel/bus.ts";
import { GatewayError } from "../kernel/errors.ts";
import { type PlateFields, readPlates } from "./read-plates.ts";

export type PlateStore = {
  /** By plate. */
  all(): Promise<KnownPlate[]>;
  /** Adds those of a new id and overwrites the others, all or none. */
  put(plates: KnownPlate[]): Promise<void>;
  remove(id: string): Promise<void>;
};

export type ManagePlatesDeps = { store: PlateStore; bus: Bus; newId: () => string };

/** Every station holds the whole list in memory. */
export const MAX_PLATES = 10_000;

/** The lists of known plates. A plate stands there once. Changes are told on the bus once they are on disk. */
export function createManagePlates({ store, bus, newId }: ManagePlatesDeps) {
  let lastWrite: Promise<unknown> = Promise.resolve();

  /** One write after the other: two of one plate at once must not both find it missing. */
  function inTurn<T>(write: () => Promise<T>): Promise<T> {
    const turn = lastWrite.then(write, write);
    lastWrite = turn.catch(() => undefined); // whoever asked for that write has its error
    return turn;
  }

  async function put(plates: KnownPlate[]): Promise<void> {
    if (plates.length === 0) return;
    await store.put(plates);
    bus.emit("plates.changed", {});
  }

  const same = (known: KnownPlate, { plate, list, note, validFrom, validUntil }: PlateFields): boolean =>
    known.plate === plate &&
    known.list === list &&
    known.note === note &&
    known.validFrom === validFrom &&
    known.validUntil === validUntil;

  return {
    list: (): Promise<KnownPlate[]> => store.all(),

    add: (input: z.output<typeof PlateInput>): Promise<KnownPlate> =>
      inTurn(async () => {
        const known = await store.all();
        refuseTwin(known, input.plate);
        if (known.length >= MAX_PLATES) {
          throw new GatewayError("conflict", `There are ${MAX_PLATES} plates; remove some first.`);
        }
        const plate = { ...input, id: newId() };
        await put([plate]);
        return plate;
      }),

    replace: (id: string, input: z.output<typeof PlateInput>): Promise<KnownPlate> =>
      inTurn(async () => {
        const known = await store.all();
        const before = find(known, id);
        refuseTwin(
          known.filter((other) => other !== before),
          input.plate,
        );
        const plate = { ...input, id };
        if (!same(before, input)) await put([plate]);
        return plate;
      }),

    remove: (id: string): Promise<void> =>
      inTurn(async () => {
        find(await store.all(), id);
        await store.remove(id);
        bus.emit("plates.changed", {});
      }),

    /** Takes in every good line of a file; a plate that is known is changed. `list`: of lines that name none. */
    import: (text: string, list: PlateList): Promise<PlateImport> =>
      inTurn(async () => {
        const known = new Map((await store.all()).map((plate) => [plate.plate, plate]));
        const { rows, problems } = readPlates(text, list);
        const answer: PlateImport = { added: 0, changed: 0, unchanged: 0, problems };
        const changes: KnownPlate[] = [];
        for (const { line, fields } of rows) {
          const before = known.get(fields.plate);
          if (before && same(before, fields)) {
            answer.unchanged += 1;
            continue;
          }
          if (!before && known.size + answer.added >= MAX_PLATES) {
            problems.push({ line, problem: "too_many", text: fields.plate });
            continue;
          }
          changes.push({ ...fields, id: before?.id ?? newId() });
          answer[before ? "changed" : "added"] += 1;
        }
        await put(changes);
        return answer;
      }),
  };
}
export type ManagePlates = ReturnType<typeof createManagePlates>;

function find(known: KnownPlate[], id: string): KnownPlate {
  const plate = known.find((each) => each.id === id);
  if (!plate) throw new GatewayError("not_found", "There is no such plate.");
  return plate;
}

function refuseTwin(others: KnownPlate[], plate: string): void {
  if (others.some((each) => each.plate === plate)) {
    throw new GatewayError("conflict", `${plate} is on a list already.`);
  }
}
