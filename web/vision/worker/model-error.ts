/** The model is not what its entry says. */
export class ModelError extends Error {
  override name = "ModelError";
}
