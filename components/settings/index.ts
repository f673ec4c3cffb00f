export * from "./fragments";
export { loadSettings } from "./load-settings";
export { resolveImages, type ResolvedImages } from "./local-images";
export * from "./secret-fragments";
