import { Alert, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useBlocker } from "react-router";
import type { Camera } from "#contract/cameras.ts";
import type { CameraZones } from "#contract/zones.ts";
import { modelToRun, useModels } from "../../hooks/use-models.ts";
import { useNumberWords } from "../../hooks/use-number-words.ts";
import { useProblemWords } from "../../hooks/use-problem-words.ts";
import { useVersionedForm } from "../../hooks/use-versioned-form.ts";
import { useZonesChange } from "../../hooks/use-zones.ts";
import { AreaSection } from "./AreaSection.tsx";
import { CopyFrom } from "./CopyFrom.tsx";
import { LineSection } from "./LineSection.tsx";
import { RuleSection } from "./RuleSection.tsx";
import { ScenePicture } from "./ScenePicture.tsx";
import { shapesOf } from "./shapes.ts";
import { WatchSection } from "./WatchSection.tsx";
import classes from "./zones.module.css";
import { checkForm, copyOf, type FieldProblem, formOf, type ZonesFormValues } from "./zones-form.ts";

type ZonesFormProps = {
  camera: Camera;
  cameras: Camera[];
  /** As the gateway has it; another one when somebody changed it meanwhile. */
  present: CameraZones;
};

export function ZonesForm({ camera, cameras, present }: ZonesFormProps) {
  const { t } = useTranslation();
  const say = useProblemWords();
  const sayField = useFieldWords();
  const change = useZonesChange();
  const model = modelToRun(useModels());
  const [openId, setOpenId] = useState<string | null>(null);
  const { form, base, setBase, isDirty, isConflict, load } = useVersionedForm<CameraZones, ZonesFormValues>({
    present,
    valuesOf: formOf,
    problemsOf(values, scene) {
      const checked = checkForm(values, scene);
      if (checked.status === "ok") return {};
      return Object.fromEntries(
        Object.entries(checked.problems).map(([path, found]) => [path, sayField(found)]),
      );
    },
    isPending: change.isPending,
  });

  function save(values: ZonesFormValues) {
    const checked = checkForm(values, base);
    if (checked.status !== "ok") return;
    change.mutate(
      { cameraId: camera.id, change: checked.change },
      {
        onSuccess(scene) {
          load(scene);
          notifications.show({ message: t("zones.saved", { name: camera.name }), color: "green" });
        },
      },
    );
  }

  function copy(from: Camera, scene: CameraZones) {
    form.setValues(copyOf(scene));
    setOpenId(null);
    notifications.show({ message: t("zones.copied", { name: from.name }) });
  }

  const list = { form, openId, onOpen: setOpenId };
  return (
    <form
      noValidate
      aria-label={t("zones.titleOf", { name: camera.name })}
      onSubmit={form.onSubmit(save, (errors) => setOpenId(idOf(Object.keys(errors)[0] ?? "", form.values)))}
    >
      <div className={classes.columns}>
        <div className={classes.beside}>
          <ScenePicture camera={camera} shapes={shapesOf(form.values, openId)} />
        </div>
        <Stack>
          <AreaSection kind="zone" {...list} />
          <RuleSection {...list} labels={model?.labels ?? []} queueThreshold={camera.queueThreshold} />
          <LineSection {...list} />
          <AreaSection kind="mask" {...list} />
          <WatchSection form={form} />
          <CopyFrom camera={camera} cameras={cameras} onCopy={copy} />
          {isConflict && (
            <Alert color="yellow" icon={<IconAlertTriangle />} role="alert" title={t("zones.conflictTitle")}>
              <Text size="sm">{t("zones.conflictText")}</Text>
              <Group mt="sm" gap="xs">
                <Button variant="default" onClick={() => load(present)}>
                  {t("zones.loadTheirs")}
                </Button>
                <Button variant="default" onClick={() => setBase({ ...present, minScores: base.minScores })}>
                  {t("zones.keepMine")}
                </Button>
              </Group>
            </Alert>
          )}
          {change.error && !isConflict && isDirty && (
            <Alert color="red" icon={<IconAlertTriangle />} role="alert">
              {say(change.error)}
            </Alert>
          )}
          {isDirty && (
            <div className={classes.save}>
              <Text size="sm" flex={1} miw={100}>
                {t("zones.unsaved")}
              </Text>
              <Button variant="default" onClick={() => load(present)}>
                {t("zones.undo")}
              </Button>
              <Button type="submit" loading={change.isPending} disabled={isConflict}>
                {t("common.save")}
              </Button>
            </div>
          )}
        </Stack>
      </div>
      <LeaveQuestion isDirty={isDirty && !change.isPending} />
    </form>
  );
}

/** Which zone, line or rule a field belongs to. */
function idOf(path: string, values: ZonesFormValues): string | null {
  const [list, index] = path.split(".");
  if (list !== "zones" && list !== "lines" && list !== "rules") return null;
  return values[list][Number(index)]?.id ?? null;
}

/** Asks before unsaved work is lost by going to another screen, or by closing the page. */
function LeaveQuestion({ isDirty }: { isDirty: boolean }) {
  const { t } = useTranslation();
  const blocker = useBlocker(isDirty);
  useEffect(() => {
    if (!isDirty) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", hold);
    return () => removeEventListener("beforeunload", hold);
  }, [isDirty]);
  return (
    <Modal
      opened={blocker.state === "blocked"}
      onClose={() => blocker.reset?.()}
      title={t("zones.leaveTitle")}
      centered
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Group justify="flex-end">
        <Button variant="default" onClick={() => blocker.reset?.()} data-autofocus>
          {t("zones.stay")}
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          {t("zones.leave")}
        </Button>
      </Group>
    </Modal>
  );
}

function useFieldWords(): (problem: FieldProblem) => string {
  const { t } = useTranslation();
  const number = useNumberWords();
  return (problem) =>
    problem.key === "range"
      ? t("zones.invalid.range", { least: number(problem.least), most: number(problem.most) })
      : t(`zones.invalid.${problem.key}`);
}
