// The JSON schema of a project's stack files, with which editors complete and check them while they are written.
import type { Schema } from "./configuration.mts";

const TEXT = { type: "string" };

/** What `pulumi config set --secret` writes; a value in clear would be in git. */
const ENCRYPTED = { type: "object", properties: { secure: TEXT }, required: ["secure"], additionalProperties: false };

/** The schema of `Pulumi.<stack>.yaml`, from that of the program's settings. */
export function stackFileSchema(project: string, settings: Schema): object {
  const { properties = {}, required = [] } = settings;
  const keys = Object.keys(properties);
  const entries = keys.map((key) => [
    `${project}:${key}`,
    key === "secrets" ? encrypted(properties[key] ?? {}) : properties[key],
  ]);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: `Stack file of ${project}`,
    type: "object",
    properties: {
      config: {
        type: "object",
        properties: Object.fromEntries(entries) as object,
        required: required.map((key) => `${project}:${key}`),
        // Keys of others, such as a provider's, are none of ours.
        propertyNames: { pattern: `^((?!${project}:)|${project}:(${keys.join("|")})$)` },
      },
      secretsprovider: TEXT,
      encryptionsalt: TEXT,
      encryptedkey: TEXT,
    },
  };
}

function encrypted({ properties = {}, ...rest }: Schema): Schema {
  const entries = Object.entries(properties).map(([name, { description }]) => [name, { ...ENCRYPTED, description }]);
  return { ...rest, properties: Object.fromEntries(entries) as Record<string, Schema> };
}
