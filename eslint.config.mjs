import eslint from "@eslint/js";
import pulumi from "@pulumi/eslint-plugin";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["node_modules/", "examples/sample-app/", "coverage/", "dist/", ".dockwright/"] },
  eslint.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  {
    files: ["**/*.ts"],
    plugins: { "@pulumi": pulumi, jsdoc },
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      "@pulumi/no-output-in-template-literal": "error",
      "@pulumi/no-output-instance-in-template-literal": "error",
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      "@typescript-eslint/no-extraneous-class": "off",
      // A resource exists because it was constructed; what is not used further is still wanted.
      "no-new": "off",
      "max-lines": ["error", { max: 260, skipBlankLines: true }],
      "max-lines-per-function": ["error", { max: 45, skipComments: true }],
    },
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "max-lines-per-function": "off",
      // Inputs of resources are what the providers' schemas say; tests look at them as they arrive.
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-return": "off",
    },
  },
  { files: ["**/*.mjs", "**/*.mts", "**/*.cjs"], ...tseslint.configs.disableTypeChecked },
  {
    files: ["**/*.cjs"],
    languageOptions: { sourceType: "commonjs", globals: { process: "readonly" } },
    rules: { "@typescript-eslint/no-require-imports": "off" },
  },
);
