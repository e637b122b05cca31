import { isUsable, type ListedModel, type ModelList } from "#contract/models.ts";
import type { ModelEntry } from "#contract/system.ts";
import { GatewayError } from "../kernel/errors.ts";
import type { ModelFolders } from "./model-folders.ts";
import type { OwnModels } from "./own-models.ts";

/** Where the choice is kept; null while nobody chose. */
export type ChoiceStore = {
  load(): Promise<string | null>;
  save(id: string | null): Promise<void>;
};

type ChooseModelDeps = {
  /** Those of the manifest that find objects, in the order of preference. */
  manifestModels: ListedModel[];
  plateModels: ModelEntry[];
  own: Pick<OwnModels, "list" | "remove">;
  folders: Pick<ModelFolders, "look">;
  store: ChoiceStore;
  /** Brings a model of the manifest that is not here yet, in the background. */
  want(id: string): void;
  /** The list or the choice is another one. */
  onChange(): void;
};

/** The models a shop has, and which of them its stations run. */
export async function createChooseModel(deps: ChooseModelDeps) {
  const { manifestModels, own, folders, store } = deps;
  const isOfManifest = (id: string): boolean => manifestModels.some((model) => model.id === id);
  let chosen = await store.load();
  if (chosen !== null && isOfManifest(chosen)) deps.want(chosen);

  async function choose(id: string | null): Promise<void> {
    await store.save(id);
    chosen = id;
    if (id !== null && isOfManifest(id)) deps.want(id);
    deps.onChange();
  }

  return {
    /** Looks through the folders first. */
    async list(): Promise<ModelList> {
      const unusable = await folders.look();
      return { models: [...manifestModels, ...own.list()], plates: deps.plateModels, unusable, chosen };
    },
    /** Null goes back to the first that is here. Refuses an own model that is not checked or not fully described. */
    async choose(id: string | null): Promise<void> {
      const model = [...manifestModels, ...own.list()].find((each) => each.id === id);
      if (id !== null && !model) throw new GatewayError("not_found", "There is no such model.");
      if (model && !isUsable(model)) {
        throw new GatewayError("conflict", "This model is not fully described, or has not passed its check.");
      }
      await choose(id);
    },
    /** A model that is gone is chosen no more. */
    async remove(id: string): Promise<void> {
      await own.remove(id);
      if (chosen === id) await choose(null);
      else deps.onChange();
    },
  };
}
export type ChooseModel = Awaited<ReturnType<typeof createChooseModel>>;
