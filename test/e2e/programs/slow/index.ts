import * as fs from "node:fs";

import { local } from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random";

/** Has a resource that takes a minute, and writes down when that began and in which process it runs itself. */
const started = new pulumi.Config().require("started");
fs.writeFileSync(`${started}.pid`, String(process.pid));

const first = new RandomId("first", { byteLength: 2 });
new local.Command("slow", { create: pulumi.interpolate`echo ${first.hex} > ${started}; sleep 60` });
