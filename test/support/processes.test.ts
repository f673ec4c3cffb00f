import { excess } from "../e2e/support/processes";

const NONE = "0000000000000000";
const status = (changes: Record<string, string> = {}) => {
  const sets = { CapInh: NONE, CapPrm: NONE, CapEff: NONE, CapBnd: NONE, CapAmb: NONE, NoNewPrivs: "1" };
  const fields = Object.entries({ Name: "node", ...sets, ...changes });
  return fields.map(([name, value]) => `${name}:\t${value}\n`).join("");
};

test("a process without rights is left alone, and so is one that has ended", () => {
  expect(excess(status())).toEqual([]);
  expect(excess("")).toEqual([]);
});

test.each(["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"])("%s must be empty", (set) => {
  expect(excess(status({ [set]: "00000000a80425fb" }))).toEqual([`${set} is 00000000a80425fb`]);
});

test("a process that may gain rights is told of", () => {
  expect(excess(status({ NoNewPrivs: "0" }))).toEqual(["NoNewPrivs is 0"]);
});
