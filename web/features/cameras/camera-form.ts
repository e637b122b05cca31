import type { Camera, CameraChange, NewCamera, RtspTransport } from "#contract/cameras.ts";
import { tryBuildAddress } from "./camera-address.ts";

/** What the form holds. A password is only ever typed, never shown. */
export type CameraFormValues = {
  name: string;
  place: string;
  address: string;
  user: string;
  password: string;
  subAddress: string;
  singleConnection: boolean;
  rtspTransport: RtspTransport;
  analysed: boolean;
  /** A text while a person is typing. */
  queueThreshold: number | string;
};

export function emptyForm(): CameraFormValues {
  return {
    name: "",
    place: "",
    address: "",
    user: "",
    password: "",
    subAddress: "",
    singleConnection: false,
    rtspTransport: "tcp",
    analysed: true,
    queueThreshold: 3,
  };
}

export function formOf(camera: Camera): CameraFormValues {
  const { name, place, singleConnection, rtspTransport, analysed, queueThreshold } = camera;
  const kept = { name, place, singleConnection, rtspTransport, analysed, queueThreshold };
  return { ...emptyForm(), ...kept, address: camera.mainAddress, subAddress: camera.subAddress ?? "" };
}

/** What is wrong with a field, as the last part of a text's key. */
export type FieldProblem = "nameEmpty" | "nameLong" | "addressEmpty" | "address" | "threshold";

const NAME_LETTERS = 80;

export const checks = {
  name: (name: string): FieldProblem | null => {
    if (name.trim() === "") return "nameEmpty";
    return name.trim().length > NAME_LETTERS ? "nameLong" : null;
  },
  place: (place: string): FieldProblem | null => (place.trim().length > NAME_LETTERS ? "nameLong" : null),
  address: (address: string): FieldProblem | null => {
    if (address.trim() === "") return "addressEmpty";
    return tryBuildAddress({ address, user: "", password: "" }) ? null : "address";
  },
  subAddress: (address: string): FieldProblem | null =>
    address.trim() === "" || tryBuildAddress({ address, user: "", password: "" }) ? null : "address",
  queueThreshold: (people: number | string): FieldProblem | null =>
    Number.isInteger(people) && Number(people) >= 1 && Number(people) <= 100 ? null : "threshold",
};

/** Values that passed `checks`. */
export function newCameraOf(values: CameraFormValues): NewCamera {
  const { name, place, singleConnection, rtspTransport, analysed, queueThreshold } = values;
  const camera: NewCamera = {
    name,
    place,
    mainAddress: fullAddress(values, values.address),
    singleConnection,
    rtspTransport,
    analysed,
    queueThreshold: Number(queueThreshold),
  };
  if (values.subAddress.trim() !== "") camera.subAddress = fullAddress(values, values.subAddress);
  return camera;
}

const isSecretTyped = ({ user, password }: CameraFormValues) => user !== "" || password !== "";

/** An address that is sent anew without user and password has none, whatever was stored before. */
export function losesSecret(values: CameraFormValues, before: Camera): boolean {
  const subAddress = values.subAddress.trim();
  const isSubNew = subAddress !== "" && subAddress !== before.subAddress;
  const isNew = values.address.trim() !== before.mainAddress || isSubNew;
  return before.hasPassword && isNew && !isSecretTyped(values);
}

/** Only what differs, so that untouched addresses keep their stored passwords. */
export function changeOf(values: CameraFormValues, before: Camera): CameraChange {
  const now = newCameraOf(values);
  const change: CameraChange = {};
  if (now.name.trim() !== before.name) change.name = now.name;
  if (values.place.trim() !== before.place) change.place = values.place;
  if (values.singleConnection !== before.singleConnection) change.singleConnection = values.singleConnection;
  if (values.rtspTransport !== before.rtspTransport) change.rtspTransport = values.rtspTransport;
  if (values.analysed !== before.analysed) change.analysed = values.analysed;
  if (Number(values.queueThreshold) !== before.queueThreshold)
    change.queueThreshold = Number(values.queueThreshold);
  if (values.address.trim() !== before.mainAddress || isSecretTyped(values))
    change.mainAddress = now.mainAddress;

  if (values.subAddress.trim() === "") {
    if (before.subAddress !== undefined) change.subAddress = null;
  } else if (values.subAddress.trim() !== before.subAddress || isSecretTyped(values)) {
    change.subAddress = fullAddress(values, values.subAddress);
  }
  return change;
}

function fullAddress({ user, password }: CameraFormValues, address: string): string {
  const built = tryBuildAddress({ address, user, password });
  if (built === null) throw new Error("an unchecked form was sent");
  return built;
}
