import { declaredMatrix, Listener, listeningPorts, matrixOf, targetsOf } from "../e2e/support/reachability";

const LISTENERS: Listener[] = [
  { service: "edge", addresses: ["10.0.1.2", "10.0.2.2"], ports: [8000, 10080] },
  { service: "api", addresses: ["10.0.2.3", "10.0.3.3"], ports: [8000] },
  { service: "store", addresses: ["10.0.3.4"], ports: [5432] },
];

const SEGMENTS = { public: ["edge"], calls: ["edge", "api"], data: ["api", "store"] };

const DECLARED = ["api → edge:10080", "api → edge:8000", "api → store:5432", "edge → api:8000", "store → api:8000"];

test("the listening ports are those of other addresses than loopback, each once", () => {
  const tables = `
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0B00007F:8C9F 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0
   1: 0100007F:2761 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 2 1 0 100 0 0 10 0
   2: 00000000:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000   101        0 3 1 0 100 0 0 10 0
   3: 030012AC:1538 040012AC:D0E2 01 00000000:00000000 00:00000000 00000000   101        0 4 1 0 100 0 0 10 0
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when
   0: 00000000000000000000000000000000:1F40 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   1: 00000000000000000000000001000000:1F41 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   2: 0000000000000000FFFF00000100007F:1F42 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
   3: 0000000000000000FFFF0000030012AC:0BB8 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000
`;
  expect(listeningPorts(tables)).toEqual([3000, 8000]);
});

test("every port is tried at every address", () => {
  expect(targetsOf(LISTENERS)).toEqual([
    ...["10.0.1.2:8000", "10.0.1.2:10080", "10.0.2.2:8000", "10.0.2.2:10080", "10.0.2.3:8000", "10.0.3.3:8000"],
    "10.0.3.4:5432",
  ]);
});

test("those on one segment may reach every port of one another, and nobody else", () => {
  expect(declaredMatrix(SEGMENTS, LISTENERS)).toEqual(DECLARED);
});

test("what was reached at any address counts once, and by no service itself", () => {
  const all = targetsOf(LISTENERS);
  const reached = [
    { service: "edge", targets: all.filter((target) => /^10\.0\.[12]\./.test(target)) },
    { service: "api", targets: all },
    { service: "store", targets: all.filter((target) => target.startsWith("10.0.3.")) },
  ];
  expect(matrixOf(reached, LISTENERS)).toEqual(DECLARED);
  expect(matrixOf([{ service: "edge", targets: ["10.0.3.4:5432"] }], LISTENERS)).toEqual(["edge → store:5432"]);
});
