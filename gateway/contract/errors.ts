import { z } from "zod";

/** Every refusal that crosses HTTP or a socket carries one of these codes; clients branch on it, never on the text. */
export const ErrorCode = z.enum([
  "bad_request",
  "invalid_body",
  "body_too_large",
  "unsupported_media_type",
  "forbidden_origin",
  "not_found",
  "method_not_allowed",
  "conflict",
  "gone",
  "too_many_requests",
  "media_unavailable",
  "camera_unreachable",
  "model_unavailable",
  /** Not an ONNX file, a part of one, or one whose weights lie elsewhere. */
  "model_broken",
  /** It does not take one picture of three colours in float32. */
  "model_input",
  /** Its answer has no form that is known here. */
  "model_head",
  /** Its class names and its answer do not fit each other. */
  "model_labels",
  "storage_unavailable",
  "internal",
]);
export type ErrorCode = z.infer<typeof ErrorCode>;

/** The one place where a code becomes an HTTP status. */
export const HTTP_STATUS: Record<ErrorCode, number> = {
  bad_request: 400,
  invalid_body: 400,
  body_too_large: 413,
  unsupported_media_type: 415,
  forbidden_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  conflict: 409,
  gone: 410,
  too_many_requests: 429,
  media_unavailable: 503,
  camera_unreachable: 502,
  model_unavailable: 503,
  model_broken: 422,
  model_input: 422,
  model_head: 422,
  model_labels: 422,
  storage_unavailable: 503,
  internal: 500,
};

/** The wire form of every refusal. `traceId` is also in the gateway's log. */
export const ErrorAnswer = z.object({
  error: z.object({
    code: ErrorCode,
    message: z.string(),
    traceId: z.string(),
    /** With `conflict`, where a version was named: the thing as it is now. */
    present: z.unknown().optional(),
  }),
});
export type ErrorAnswer = z.infer<typeof ErrorAnswer>;
