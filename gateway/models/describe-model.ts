import type { OwnModel } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import { GatewayError } from "../kernel/errors.ts";
import { namesOf, sizeOf } from "./exporter-words.ts";
import type { OnnxFacts, OnnxPort } from "./onnx-facts.ts";

/** What a file says about how it is fed and read. Labels, size and licence are empty where it says nothing. */
export type Description = Pick<ModelEntry, "family" | "title" | "licence" | "input" | "outputs" | "labels"> &
  Pick<OwnModel, "classCount" | "freeSize">;

type Size = { widthPx: number; heightPx: number };
type Head = { family: ModelEntry["family"]; classCount: number | null };

/** Throws `model_input`, `model_head` or `model_labels`, with a sentence that says what is wrong. */
export function describeModel(facts: OnnxFacts, fileName: string): Description {
  const { metadata } = facts;
  const { port, size: fixed } = pictureInput(facts);
  const size = fixed ?? sizeOf(metadata.imgsz);
  const labels = namesOf(metadata.names);
  const { head, output } = findHead(facts, { size, labels });
  return {
    family: head.family,
    title: metadata.description?.slice(0, 100) || fileName,
    licence: metadata.license?.slice(0, 200) ?? "",
    input: { name: port.name, widthPx: size?.widthPx ?? 0, heightPx: size?.heightPx ?? 0 },
    outputs: [output.name],
    labels: labels ?? [],
    classCount: head.classCount,
    freeSize: fixed === null,
  };
}

/** [1, 3, height, width] in float32, nothing else. */
function pictureInput({ inputs }: OnnxFacts): { port: OnnxPort; size: Size | null } {
  const [port, ...more] = inputs;
  const refuse = (why: string) => new GatewayError("model_input", why);
  if (!port || more.length > 0) throw refuse(`The model takes ${inputs.length} inputs, not one picture.`);
  if (port.elementType !== "float32") {
    throw refuse(`The model takes ${port.elementType} numbers; export it with float32.`);
  }
  const [batch, channels, heightPx, widthPx, ...rest] = port.dims ?? [];
  const shape = shapeWords(port.dims);
  if (heightPx === undefined || widthPx === undefined || rest.length > 0) {
    throw refuse(`The model takes ${shape}, not a picture of 1x3xHEIGHTxWIDTH.`);
  }
  if (channels !== 3) throw refuse(`The model takes ${shape}; the three colours must be the second number.`);
  if (batch !== 1 && batch !== null) throw refuse(`The model takes ${batch} pictures at once, not one.`);
  return { port, size: heightPx === null || widthPx === null ? null : { widthPx, heightPx } };
}

type Known = { size: Size | null; labels: string[] | null };

function findHead(facts: OnnxFacts, known: Known): { head: Head; output: OnnxPort } {
  const { task } = facts.metadata;
  if (task !== undefined && task !== "detect") {
    throw new GatewayError(
      "model_head",
      `The model is made for "${task}"; only those for "detect" find boxes.`,
    );
  }
  const isUltralytics = facts.metadata.stride !== undefined;
  for (const output of facts.outputs) {
    const head = headOf(output, known, isUltralytics);
    if (head) return { head, output };
  }
  for (const output of facts.outputs) {
    const head = headOf(output, { ...known, labels: null }, isUltralytics);
    if (!head) continue;
    const names = known.labels?.length;
    const why = `The file names ${names} classes, but the model scores ${head.classCount ?? "another number of them"}.`;
    throw new GatewayError("model_labels", why);
  }
  const shapes = facts.outputs.map(({ dims }) => shapeWords(dims)).join(", ");
  const heads =
    "1xCELLSx(5+classes) of YOLOX, 1x(4+classes)xBOXES of YOLOv8 and 11, 1xBOXESx6 of end-to-end models";
  throw new GatewayError("model_head", `The model answers ${shapes}. Known are ${heads}.`);
}

function headOf({ dims, elementType }: OnnxPort, known: Known, isUltralytics: boolean): Head | null {
  const [batch, first = null, second = null, ...rest] = dims ?? [];
  if (elementType !== "float32" || !dims || dims.length < 3 || rest.length > 0) return null;
  if (batch !== 1 && batch !== null) return null;
  const cells = known.size && cellsOf(known.size);
  const mayBeCells = first === null || cells === null || first === cells;
  const names = known.labels?.length;
  const endToEnd: Head = { family: "end-to-end", classCount: null };
  const yolov8 = (numbers: number): Head => ({ family: "yolov8", classCount: numbers - 4 });

  if (second === 6 && first !== null && first !== cells) return endToEnd;
  if (second === 6 && first === null && isUltralytics) return endToEnd;
  const hasBoxesLast = first !== null && first >= 5 && (second === null || second > first);
  if (hasBoxesLast && (names === undefined || first === 4 + names)) return yolov8(first);
  if (second === null || hasBoxesLast) return null;
  if (names !== undefined && second === 4 + names) return yolov8(second);
  const fitsYolox = second >= 6 && mayBeCells && (names === undefined || second === 5 + names);
  return fitsYolox ? { family: "yolox", classCount: second - 5 } : null;
}

/** Cells of the strides 8, 16 and 32. */
const cellsOf = ({ widthPx, heightPx }: Size): number =>
  [8, 16, 32].reduce((sum, stride) => sum + Math.floor(widthPx / stride) * Math.floor(heightPx / stride), 0);

const shapeWords = (dims: OnnxPort["dims"]): string =>
  dims ? dims.map((size) => size ?? "?").join("x") : "a shape that its file does not say";
