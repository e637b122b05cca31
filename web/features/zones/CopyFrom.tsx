import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Camera } from "#contract/cameras.ts";
import type { CameraZones } from "#contract/zones.ts";
import { useAllZones } from "../../hooks/use-zones.ts";

type CopyFromProps = {
  camera: Camera;
  cameras: Camera[];
  onCopy: (from: Camera, scene: CameraZones) => void;
};

/** Offers the scenes of the other cameras; nothing where none has one. */
export function CopyFrom({ camera, cameras, onCopy }: CopyFromProps) {
  const { t } = useTranslation();
  const { zones } = useAllZones();
  const offers = cameras.flatMap((other) => {
    const scene = zones.find(({ cameraId }) => cameraId === other.id);
    const isDrawn = scene && scene.zones.length + scene.lines.length + scene.rules.length > 0;
    return other.id !== camera.id && isDrawn ? [{ other, scene }] : [];
  });
  if (offers.length === 0) return null;
  return (
    <Select
      label={t("zones.copyFrom")}
      description={t("zones.copyHelp")}
      placeholder={t("zones.copyChoose")}
      data={offers.map(({ other }) => ({ value: other.id, label: other.name }))}
      value={null}
      onChange={(id) => {
        const offer = offers.find(({ other }) => other.id === id);
        if (offer) onCopy(offer.other, offer.scene);
      }}
      searchable
    />
  );
}
