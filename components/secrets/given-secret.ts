import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

import { Problem, report } from "../settings/problems";
import { Bindable, Binding } from "./binding";
import { variableProblems } from "./variables";

/** Arguments of {@link GivenSecret}. */
export interface GivenSecretArgs {
  /** Variable under which consumers find it: `TELEGRAM_BOT_TOKEN` is announced as `TELEGRAM_BOT_TOKEN_FILE`. */
  readonly variable: string;
  /** The value from the encrypted configuration. Absent: a generated placeholder, for development. */
  readonly value: string | undefined;
}

/**
 * A secret that people hand in, such as a token of another company's API. A new value rolls exactly its consumers. Its file
 * holds it byte for byte, but for a PEM text (a private key, a certificate): that gets the newline at its end in place of
 * blanks, which `pulumi config set` takes away, and goes without a byte order mark. OpenSSL and ssh read no key otherwise.
 * An empty value is refused.
 */
export class GivenSecret extends pulumi.ComponentResource implements Bindable {
  /** What it is called. */
  readonly credential: string;
  /** Changes with the value, and tells nothing of it. */
  readonly revision: pulumi.Output<string>;
  private readonly binding: Binding;

  constructor(name: string, args: GivenSecretArgs, opts?: pulumi.ComponentResourceOptions) {
    super("dockwright:secrets:GivenSecret", name, {}, opts);
    report(`given secret "${name}"`, problemsOf(args), this);
    const value = args.value !== undefined ? pulumi.secret(args.value) : this.placeholder(name);
    const id = new random.RandomId(`${name}-id`, { byteLength: 4, keepers: { value } }, { parent: this });
    this.credential = name;
    this.revision = id.hex;
    this.binding = { credential: name, files: { [args.variable]: pulumi.output(value).apply(completed) } };
    this.registerOutputs({});
  }

  bind(): Binding {
    return this.binding;
  }

  private placeholder(name: string): pulumi.Output<string> {
    return new random.RandomPassword(`${name}-placeholder`, { length: 24, special: false }, { parent: this }).result;
  }
}

/** A file can hold any text, but neither half a character, which nothing can write, nor a zero, which ends a text in C. */
function problemsOf({ variable, value }: GivenSecretArgs): Problem[] {
  return [...variableProblems("variable", [variable]), ...(value === undefined ? [] : textProblems(value))];
}

function textProblems(value: string): Problem[] {
  const path = "value";
  if (value === "") return [{ path, want: "a text, or nothing for a generated placeholder", got: "an empty text" }];
  if (Buffer.from(value).toString() === value && !value.includes("\0")) return [];
  return [{ path, want: "a text in Unicode without zero characters; give bytes in base64", got: "[secret]" }];
}

/** A PEM text, up to blanks at its end. */
const PEM = /(^|\n)-----BEGIN [^\n]+-----[ \t\r]*\n[^]*\n-----END [^\n]+-----[ \t\r]*\n?$/;

/** A PEM text without a byte order mark, with the newline that its last line has; any other text as it is. */
function completed(text: string): string {
  const marked = text.replace(/^\ufeff/, "");
  if (!PEM.test(marked)) return text;
  return marked.endsWith("\n") ? marked : marked.replace(/[ \t\r]*$/, "\n");
}
