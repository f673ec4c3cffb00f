import { indent } from "../../components/edge/indent";

test("each line goes further in, empty ones stay empty", () => {
  expect(indent("a {\n\n  b;\n}\n")).toBe("  a {\n\n    b;\n  }\n");
  expect(indent("a\n", 2)).toBe("    a\n");
});
