import type { UseFormReturnType } from "@mantine/form";
import type { SinkFormValues } from "./sink-form.ts";

/** Of the fields of one kind. */
export type TargetFieldsProps = {
  form: UseFormReturnType<SinkFormValues>;
  /** Names of the secrets that the gateway has. */
  secretsSet: string[];
};
