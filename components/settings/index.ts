export { type Check, type Violation, withChecks } from "./checks";
export * from "./database-fragment";
export * from "./development-fragments";
export { type EdgeCheckSettings, edgeChecks } from "./edge-checks";
export * from "./edge-fragment";
export {
  dockerFragment,
  type Limit,
  type LimitRule,
  limitsFragment,
  replicasFragment,
  runtimeFragment,
} from "./fragments";
export * from "./image-fragments";
export { loadSettings } from "./load-settings";
export { resolveImages, type ResolvedImages } from "./local-images";
export * from "./port-check";
export type { Problem } from "./problems";
export * from "./secret-fragments";
export * from "./stop-check";
