// Labels of what is in Docker, as the state has them.

interface Labelled {
  readonly inputs?: Readonly<Record<string, unknown>>;
}

/** The value of a label that a resource was made with; nothing where it has none of that name. */
export function labelOf({ inputs }: Labelled, name: string): unknown {
  if (!Array.isArray(inputs?.["labels"])) return undefined;
  const labels = inputs["labels"] as readonly { readonly label?: unknown; readonly value?: unknown }[];
  return labels.find(({ label }) => label === name)?.value;
}
