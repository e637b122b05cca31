import type { SinkTrouble } from "#contract/sink-troubles.ts";
import type { SinkSecrets } from "#contract/sinks.ts";
import type { Delivered, SendResult } from "./sink.ts";

/** What is shorter stands in texts by chance: it is neither hidden, nor is so short a beginning of a secret. */
const SHORTEST = 4;
const ELLIPSIS = "…";

/**
 * Takes a sink's secrets out of what its receiver said or its client threw: either may repeat what it was given, as it
 * was, in an address or in JSON. Texts come cut to a length, so that the beginning of a secret may stand at their end.
 */
export function createHideSecrets(secrets: SinkSecrets) {
  const forms = [...new Set(Object.values(secrets).flatMap(formsOf))]
    .filter((form) => form.length >= SHORTEST)
    .sort((one, other) => other.length - one.length);

  function text(said: string): string {
    const whole = forms.reduce((rest, form) => rest.replaceAll(form, "***"), said);
    if (!whole.endsWith(ELLIPSIS)) return whole;
    const rest = whole.slice(0, -ELLIPSIS.length);
    const begun = Math.max(0, ...forms.map((form) => lengthBegun(rest, form)));
    return begun === 0 ? whole : `${rest.slice(0, -begun)}***${ELLIPSIS}`;
  }

  const trouble = ({ code, detail }: SinkTrouble): SinkTrouble =>
    detail === undefined ? { code } : { code, detail: text(detail) };

  /** Of what was parked. */
  const exchanged = (said: { trouble: SinkTrouble; request: string; answer: string }) => ({
    trouble: trouble(said.trouble),
    request: text(said.request),
    answer: text(said.answer),
  });

  function delivered(told: Delivered): Delivered {
    if (told.outcome === "acknowledged") return told;
    if (told.outcome === "retry") return { ...told, trouble: trouble(told.trouble) };
    return { ...told, ...exchanged(told) };
  }

  function result(told: SendResult): SendResult {
    if (told.kind === "each") return { kind: "each", answers: told.answers.map(delivered) };
    if (told.kind === "failed") return { ...told, trouble: trouble(told.trouble) };
    return { ...told, ...exchanged(told) };
  }

  return { text, delivered, result };
}
export type HideSecrets = ReturnType<typeof createHideSecrets>;

/** Of `Bearer abc` the second word is the secret, and may stand alone. */
function formsOf(secret: string): string[] {
  const whole = secret.toWellFormed();
  return [whole, whole.split(" ").at(-1) ?? whole].flatMap((form) => [
    form,
    form.replaceAll(/\s+/g, " "), // as on a line of a screen
    encodeURIComponent(form),
    JSON.stringify(form).slice(1, -1),
  ]);
}

/** How much of the form's beginning stands at the end of the text. */
function lengthBegun(text: string, form: string): number {
  for (let length = Math.min(form.length, text.length); length >= SHORTEST; length -= 1) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}
