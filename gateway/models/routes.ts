import { Router } from "express";
import { z } from "zod";
import { type ListedModel, ModelChange, ModelCheck, ModelChoice, type ModelList } from "#contract/models.ts";
import { paths } from "#contract/paths.ts";
import { GatewayError } from "../kernel/errors.ts";
import { jsonBody, parseInput } from "../kernel/http.ts";
import type { ChooseModel } from "./choose-model.ts";
import type { OwnModels } from "./own-models.ts";

type ModelRoutesDeps = {
  own: Pick<OwnModels, "add" | "change" | "setCheck">;
  models: ChooseModel;
  /** The list is another one. */
  onChange(): void;
};

const BODY_LIMIT_BYTES = 512 * 1024;
const OwnId = z.string().regex(/^own-[0-9a-f]{16}$/);

export function modelRoutes({ own, models, onChange }: ModelRoutesDeps): Router {
  const router = Router();
  const body = jsonBody(BODY_LIMIT_BYTES);
  router.param("id", (_request, _response, next, id) => next(OwnId.safeParse(id).success ? null : "route"));

  router.get(paths.models, async (_request, response) => {
    response.set("Cache-Control", "no-store").json((await models.list()) satisfies ModelList);
  });

  router.post(paths.models, async (request, response) => {
    if (!request.is("application/octet-stream")) {
      throw new GatewayError("unsupported_media_type", "The body must be application/octet-stream.");
    }
    const { name } = parseInput(
      z.object({ name: z.string().max(1_000).default("model.onnx") }),
      request.query,
    );
    const model = await own.add(request, name);
    onChange();
    response.status(201).json(model satisfies ListedModel);
  });

  router.put(paths.chosenModel, body, async (request, response) => {
    await models.choose(parseInput(ModelChoice, request.body).id);
    response.status(204).end();
  });

  router.patch(paths.model, body, async (request, response) => {
    const change = parseInput(ModelChange, request.body);
    const model = await own.change(idOf(request.params), change);
    onChange();
    response.json(model satisfies ListedModel);
  });

  router.put(paths.modelCheck, body, async (request, response) => {
    const model = await own.setCheck(idOf(request.params), parseInput(ModelCheck, request.body));
    onChange();
    response.json(model satisfies ListedModel);
  });

  router.delete(paths.model, async (request, response) => {
    await models.remove(idOf(request.params));
    response.status(204).end();
  });

  return router;
}

const idOf = (params: unknown): string => parseInput(z.object({ id: OwnId }), params, "not_found").id;
