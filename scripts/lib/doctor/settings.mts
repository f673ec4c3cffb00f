// The settings of a stack as its file has them, without the program's defaults.
import { isTree, type Tree } from "../merge.mts";
import { imagesOf } from "../pulls/reference.mts";

/** `lunch-bot:limits` becomes `limits`. */
export function settingsOf(content: Tree, project: string): Tree {
  const prefix = `${project}:`;
  const all = Object.entries(isTree(content["config"]) ? content["config"] : {});
  return Object.fromEntries(
    all.filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value]),
  );
}

/** Images by digest that the settings name; the local ones stand elsewhere. */
export function namedImages(settings: Tree): string[] {
  return imagesOf(settings, "").map(({ reference }) => reference);
}
