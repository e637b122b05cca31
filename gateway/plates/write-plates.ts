import { stringify } from "csv-stringify/sync";
import type { KnownPlate } from "#contract/plates.ts";

/**
 * The list as a file that `readPlates` takes in again. It begins with a byte order mark, by which spreadsheets know
 * UTF-8, and what a spreadsheet would take for a formula gets a ' before it.
 */
export function writePlates(plates: KnownPlate[], separator: "," | ";"): string {
  return stringify(
    plates.map(({ plate, list, note, validFrom, validUntil }) => [plate, list, note, validFrom, validUntil]),
    {
      bom: true,
      header: true,
      columns: ["plate", "list", "note", "valid_from", "valid_until"],
      delimiter: separator,
      record_delimiter: "\r\n",
      escape_formulas: true,
    },
  );
}
