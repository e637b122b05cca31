import { type UseFormReturnType, useForm } from "@mantine/form";
import { useEffect, useEffectEvent, useState } from "react";

type Versioned = { version: number };

type VersionedFormOptions<Thing extends Versioned, Values> = {
  /** As the gateway has it; another one when somebody changed it meanwhile. */
  present: Thing;
  valuesOf: (thing: Thing) => Values;
  /** What is wrong with the values, in words by path; none where they may replace `base`. */
  problemsOf: (values: Values, base: Thing) => Record<string, string>;
  /** A change is on its way. */
  isPending: boolean;
};

type VersionedForm<Thing, Values> = {
  form: UseFormReturnType<Values>;
  /** What the form was filled with, and is to be written over. */
  base: Thing;
  setBase: (base: Thing) => void;
  isDirty: boolean;
  /** Somebody else changed what is being changed here. */
  isConflict: boolean;
  /** Fills the form anew. */
  load: (thing: Thing) => void;
};

/** The form of something that several may change: it follows what others do until something is entered. */
export function useVersionedForm<Thing extends Versioned, Values extends Record<string, unknown>>({
  present,
  valuesOf,
  problemsOf,
  isPending,
}: VersionedFormOptions<Thing, Values>): VersionedForm<Thing, Values> {
  const [base, setBase] = useState(present);
  const form = useForm<Values>({
    initialValues: valuesOf(present),
    validate: (values) => problemsOf(values, base),
  });
  const isDirty = form.isDirty();

  function load(thing: Thing) {
    const values = valuesOf(thing);
    setBase(thing);
    form.setInitialValues(values);
    form.setValues(values);
    form.clearErrors();
  }

  const follow = useEffectEvent((thing: Thing) => {
    if (thing.version !== base.version && !isDirty && !isPending) load(thing);
  });
  useEffect(() => follow(present), [present]);

  const isConflict = isDirty && !isPending && present.version !== base.version;
  return { form, base, setBase, isDirty, isConflict, load };
}
