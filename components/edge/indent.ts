/** A block of configuration, one level or more further in; empty lines stay empty. */
export function indent(text: string, levels = 1): string {
  return text.replace(/^(?=.)/gm, "  ".repeat(levels));
}
