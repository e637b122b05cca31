import {
  Accordion,
  Alert,
  Button,
  Group,
  Input,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import { AddressTest } from "./AddressTest.tsx";
import { tryBuildAddress } from "./camera-address.ts";
import {
  type CameraFormValues,
  checks,
  emptyForm,
  type FieldProblem,
  formOf,
  losesSecret,
} from "./camera-form.ts";

type CameraFormProps = {
  /** The camera to change; without one a new one is asked for. */
  camera?: Camera;
  onSubmit: (values: CameraFormValues) => void;
  onCancel?: () => void;
  isSending: boolean;
  /** Why the last try failed, in plain words. */
  problem: string | null;
};

export function CameraForm({ camera, onSubmit, onCancel, isSending, problem }: CameraFormProps) {
  const { t } = useTranslation();
  const say = (found: FieldProblem | null) => found && t(`form.invalid.${found}`);
  const form = useForm<CameraFormValues>({
    initialValues: camera ? formOf(camera) : emptyForm(),
    validate: {
      name: (value) => say(checks.name(value)),
      place: (value) => say(checks.place(value)),
      address: (value) => say(checks.address(value)),
      subAddress: (value) => say(checks.subAddress(value)),
      queueThreshold: (value) => say(checks.queueThreshold(value)),
    },
    validateInputOnBlur: true,
  });
  const { address, user, password, rtspTransport } = form.values;
  const isSecretKept = camera?.hasPassword === true && user === "" && password === "";
  const isSecretLost = camera !== undefined && losesSecret(form.values, camera);
  return (
    <form onSubmit={form.onSubmit(onSubmit)} noValidate>
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("form.name")}
            placeholder={t("form.namePlaceholder")}
            required
            data-autofocus
            {...form.getInputProps("name")}
          />
          <TextInput
            label={t("form.place")}
            placeholder={t("form.placePlaceholder")}
            {...form.getInputProps("place")}
          />
        </SimpleGrid>
        <TextInput
          label={t("form.address")}
          description={t("form.addressHelp")}
          required
          inputMode="url"
          autoCapitalize="none"
          autoCorrect="off"
          spellCheck={false}
          {...form.getInputProps("address")}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <TextInput
            label={t("form.user")}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            {...form.getInputProps("user")}
          />
          <PasswordInput
            label={t("form.password")}
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
        </SimpleGrid>
        <Text size="xs" c="dimmed" mt={-8}>
          {t("form.passwordHelp")} {camera?.hasPassword && t("form.passwordKept")}
        </Text>
        {isSecretLost && (
          <Alert color="yellow" icon={<IconAlertTriangle />} p="sm">
            {t("form.passwordAgain")}
          </Alert>
        )}
        <AddressTest
          address={tryBuildAddress({ address, user, password })}
          rtspTransport={rtspTransport}
          isSecretMissing={isSecretKept && !isSecretLost}
        />
        <Switch
          label={t("form.analysed")}
          size="md"
          {...form.getInputProps("analysed", { type: "checkbox" })}
        />
        <Accordion variant="separated" radius="md">
          <Accordion.Item value="advanced">
            <Accordion.Control>{t("form.advanced")}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                <NumberInput
                  label={t("form.threshold")}
                  min={1}
                  max={100}
                  allowDecimal={false}
                  {...form.getInputProps("queueThreshold")}
                />
                <TextInput
                  label={t("form.sub")}
                  description={t("form.subHelp")}
                  inputMode="url"
                  autoCapitalize="none"
                  spellCheck={false}
                  {...form.getInputProps("subAddress")}
                />
                <Input.Wrapper label={t("form.transport")} description={t("form.transportHelp")}>
                  <SegmentedControl
                    mt={6}
                    fullWidth
                    size="md"
                    aria-label={t("form.transport")}
                    data={[
                      { value: "tcp", label: t("form.transportTcp") },
                      { value: "udp", label: t("form.transportUdp") },
                    ]}
                    {...form.getInputProps("rtspTransport")}
                  />
                </Input.Wrapper>
                <Switch
                  label={t("form.single")}
                  description={t("form.singleHelp")}
                  size="md"
                  {...form.getInputProps("singleConnection", { type: "checkbox" })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        {problem && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {problem}
          </Alert>
        )}
        <Group justify="flex-end">
          {onCancel && (
            <Button variant="default" onClick={onCancel}>
              {t("common.cancel")}
            </Button>
          )}
          <Button type="submit" loading={isSending}>
            {t(camera ? "common.save" : "common.add")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
