import type { UseFormReturnType } from "@mantine/form";
import type { ZonesFormValues } from "./zones-form.ts";

export type ZonesForm = UseFormReturnType<ZonesFormValues>;

/** What every list of the form is given. */
export type ListProps = {
  form: ZonesForm;
  /** The zone, line or rule whose fields are shown. */
  openId: string | null;
  onOpen: (id: string | null) => void;
};

/** Whether something is wrong below this path. */
export const hasErrors = (form: ZonesForm, path: string): boolean =>
  Object.keys(form.errors).some((field) => field.startsWith(`${path}.`));
