import type { GatewayApi } from "../api/gateway-api.ts";
import { useServices } from "./services.ts";

export { ApiError, type ApiFailure } from "../api/api-error.ts";

export function useApi(): GatewayApi {
  return useServices().api;
}
